/**
 * Links: `hypervision:` and 56 characters of z-base-32, which hold the channel's public key (32 bytes) and a checksum
 * (3 bytes), so that a misspelt link is told from one that nobody answers to. That of a private channel goes on with `#` and 56 characters
 * more, of its secret: browsers send what stands behind a # to nobody.
 */
import b4a from 'b4a'
import { hash } from 'hypercore-crypto'
import z32 from 'z32'
import { HypervisionError } from '../contracts/index.ts'

const scheme = 'hypervision:'
const keyLength = 32
const checksumLength = 3
const textLength = 56
const checksumContext = b4a.from('hypervision link 1')
const secretContext = b4a.from('hypervision link secret 1')

/**
 * Writes the link of a channel.
 *
 * @param key public key, 32 bytes
 * @param secret of a private channel, 32 bytes; left out, the link is that of a public one, or for relays, which need no secret
 * @throws HypervisionError ERR_OPTION_LINK when one of them is not 32 bytes long
 */
export function formatLink(key: Uint8Array, secret?: Uint8Array | null): string {
  for (const [name, bytes] of [
    ['key', key],
    ['secret', secret],
  ] as const) {
    if (!bytes || bytes.byteLength === keyLength) continue
    throw new HypervisionError('ERR_OPTION_LINK', `A channel's ${name} has 32 bytes; this one has ${bytes.byteLength}.`)
  }
  const address = scheme + z32.encode(b4a.concat([key, checksum([checksumContext, key])]))
  if (!secret) return address
  return `${address}#${z32.encode(b4a.concat([secret, checksum([secretContext, key, secret])]))}`
}

/**
 * Reads the address in a link, or the 64 hex digits of a key. White space around it and the case of letters do not matter; what stands
 * behind a # is not looked at.
 *
 * @returns the channel's public key, 32 bytes
 * @throws HypervisionError ERR_OPTION_LINK when it is misspelt; the message says how
 */
export function parseLink(link: string): Uint8Array {
  const [text = ''] = link.trim().toLowerCase().split('#')
  if (/^[0-9a-f]{64}$/.test(text)) return b4a.from(text, 'hex')
  if (!text.startsWith(scheme)) {
    throw misspelt(link, 'it begins with neither "hypervision:" nor 64 hex digits')
  }
  const key = read(link, text.slice(scheme.length).replace(/^\/\//, ''), 'after "hypervision:"')
  const bytes = key.subarray(0, keyLength)
  if (!b4a.equals(key.subarray(keyLength), checksum([checksumContext, bytes]))) {
    throw misspelt(link, 'its checksum does not match: a character is wrong or two are swapped')
  }
  return b4a.from(bytes)
}

/**
 * Reads the secret in the link of a private channel: what stands behind the #.
 *
 * @returns 32 bytes; null where there is none
 * @throws HypervisionError ERR_OPTION_LINK when it is misspelt, or is the secret of another channel
 */
export function parseSecret(link: string): Uint8Array | null {
  const [, text] = link.trim().toLowerCase().split('#')
  if (text === undefined || text === '') return null
  const key = parseLink(link)
  const bytes = read(link, text, 'of the secret, after the #,')
  const secret = bytes.subarray(0, keyLength)
  if (!b4a.equals(bytes.subarray(keyLength), checksum([secretContext, key, secret]))) {
    throw misspelt(link, 'the checksum of its secret does not match: a character is wrong, or it is of another channel')
  }
  return b4a.from(secret)
}

function read(link: string, text: string, where: string): Uint8Array {
  if (text.length !== textLength) {
    throw misspelt(link, `${textLength} characters are expected ${where} and ${text.length} were found`)
  }
  try {
    return z32.decode(text)
  } catch (cause) {
    throw misspelt(link, `a character ${where} is outside the alphabet (no 0, 2, l or v)`, cause)
  }
}

function checksum(parts: readonly Uint8Array[]): Uint8Array {
  return hash(parts).subarray(0, checksumLength)
}

function misspelt(link: string, problem: string, cause?: unknown): HypervisionError {
  // Messages end up in logs: what might be a secret does not.
  const [address = ''] = link.split('#')
  const shown = address.length > 80 ? `${address.slice(0, 80)}…` : address
  return new HypervisionError(
    'ERR_OPTION_LINK',
    `"${shown}" is not a hypervision link: ${problem}. Copy the whole link from the broadcaster again.`,
    { cause, detail: { link: shown } },
  )
}
