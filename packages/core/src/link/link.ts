/**
 * Links: `hypervision:` and 56 characters of z-base-32, which hold the channel's public key (32 bytes) and a checksum
 * (3 bytes), so that a misspelt link is told from one that nobody answers to.
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

/**
 * Writes the link of a channel.
 *
 * @param key public key, 32 bytes
 * @throws HypervisionError ERR_OPTION_LINK when the key is not 32 bytes long
 */
export function formatLink(key: Uint8Array): string {
  if (key.byteLength !== keyLength) {
    throw new HypervisionError('ERR_OPTION_LINK', `A channel key has 32 bytes; this one has ${key.byteLength}.`)
  }
  return scheme + z32.encode(b4a.concat([key, checksum(key)]))
}

/**
 * Reads a link, or the 64 hex digits of a key. White space around it and the case of letters do not matter.
 *
 * @returns the channel's public key, 32 bytes
 * @throws HypervisionError ERR_OPTION_LINK when it is misspelt; the message says how
 */
export function parseLink(link: string): Uint8Array {
  const text = link.trim().toLowerCase()
  if (/^[0-9a-f]{64}$/.test(text)) return b4a.from(text, 'hex')
  if (!text.startsWith(scheme)) {
    throw misspelt(link, 'it begins with neither "hypervision:" nor 64 hex digits')
  }
  const [body = '', secret] = text.slice(scheme.length).replace(/^\/\//, '').split('#')
  if (secret !== undefined) throw misspelt(link, 'it carries a secret, which this version cannot use')
  if (body.length !== textLength) {
    throw misspelt(link, `${textLength} characters are expected after "hypervision:" and ${body.length} were found`)
  }
  let bytes: Uint8Array
  try {
    bytes = z32.decode(body)
  } catch (cause) {
    throw misspelt(link, 'a character is outside the alphabet (no 0, 2, l or v)', cause)
  }
  const key = bytes.subarray(0, keyLength)
  if (!b4a.equals(bytes.subarray(keyLength), checksum(key))) {
    throw misspelt(link, 'its checksum does not match: a character is wrong or two are swapped')
  }
  return b4a.from(key)
}

function checksum(key: Uint8Array): Uint8Array {
  return hash([checksumContext, key]).subarray(0, checksumLength)
}

function misspelt(link: string, problem: string, cause?: unknown): HypervisionError {
  const shown = link.length > 80 ? `${link.slice(0, 80)}…` : link
  return new HypervisionError(
    'ERR_OPTION_LINK',
    `"${shown}" is not a hypervision link: ${problem}. Copy the whole link from the broadcaster again.`,
    { cause, detail: { link: shown } },
  )
}
