import b4a from 'b4a'
import fc from 'fast-check'
import { keyPair } from 'hypercore-crypto'
import { expect, it } from 'vitest'
import { HypervisionError } from '../contracts/index.ts'
import { formatLink, parseLink, parseSecret } from './link.ts'

const key = keyPair(b4a.alloc(32, 1)).publicKey
const link = formatLink(key)

function codeOf(text: string): string {
  try {
    parseLink(text)
    return 'read'
  } catch (error) {
    return error instanceof HypervisionError ? error.code : 'another error'
  }
}

it('writes every key as the scheme and 56 characters, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const text = formatLink(bytes)
      expect(text).toMatch(/^hypervision:[ybndrfg8ejkmcpqxot1uwisza345h769]{56}$/)
      expect(b4a.equals(parseLink(text), bytes)).toBe(true)
    }),
  )
})

it('keeps the link of a key from release to release', () => {
  expect(link).toBe('hypervision:tkrq8zmwb8a3m9k15csu3q17qmfgqnp9dskbrg9uq1rydpyxp7qngr6t')
})

it('takes 64 hex digits, white space around, capital letters and slashes after the scheme', () => {
  expect(b4a.equals(parseLink(b4a.toString(key, 'hex')), key)).toBe(true)
  expect(b4a.equals(parseLink(`  ${link.toUpperCase()}\n`), key)).toBe(true)
  expect(b4a.equals(parseLink(link.replace(':', '://')), key)).toBe(true)
})

it('refuses a link with any one character changed', () => {
  const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769'
  const body = link.slice('hypervision:'.length)
  for (let place = 0; place < body.length; place++) {
    const other = alphabet[(alphabet.indexOf(body[place] ?? '') + 1) % alphabet.length]
    expect(codeOf(`hypervision:${body.slice(0, place)}${other}${body.slice(place + 1)}`)).toBe('ERR_OPTION_LINK')
  }
})

it('refuses what is cut short, too long, of another scheme, or with a foreign letter', () => {
  const wrong = [link.slice(0, -1), `${link}y`, link.replace('hypervision', 'https'), link.replace(/.$/, '0'), '', '#']
  for (const text of wrong) expect(codeOf(text)).toBe('ERR_OPTION_LINK')
})

it('says how a link is misspelt', () => {
  expect(() => parseLink(link.slice(0, -3))).toThrow(
    '56 characters are expected after "hypervision:" and 53 were found',
  )
})

it('reads or refuses any text, and never throws anything else', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, hasScheme) => {
      expect(['read', 'ERR_OPTION_LINK']).toContain(codeOf(hasScheme ? `hypervision:${text}` : text))
    }),
  )
})

const secret = b4a.alloc(32, 2)
const privateLink = formatLink(key, secret)

function secretCodeOf(text: string): string {
  try {
    return parseSecret(text) === null ? 'none' : 'read'
  } catch (error) {
    return error instanceof HypervisionError ? error.code : 'another error'
  }
}

function wordsOf(read: () => unknown): string {
  try {
    read()
    return ''
  } catch (error) {
    return JSON.stringify(error) + String(error)
  }
}

it('carries the secret of a private channel behind the #, whatever the case and the space around', () => {
  expect(privateLink).toMatch(/^hypervision:[a-z0-9]{56}#[a-z0-9]{56}$/)
  expect(privateLink.split('#')[0]).toBe(link)
  for (const text of [privateLink, ` ${privateLink.toUpperCase()} `, privateLink.replace(':', '://')]) {
    expect(b4a.equals(parseLink(text), key)).toBe(true)
    expect(parseSecret(text)).toEqual(secret)
  }
  expect([link, `${link}#`, b4a.toString(key, 'hex')].map(secretCodeOf)).toEqual(['none', 'none', 'none'])
})

it('refuses a secret that is misspelt or of another channel, and never repeats it', () => {
  const [, own = ''] = privateLink.split('#')
  const [, others = ''] = formatLink(keyPair(b4a.alloc(32, 3)).publicKey, secret).split('#')
  const swapped = own.replace(/^(.)(.)/, '$2$1')
  for (const wrong of ['secret', own.slice(1), `${own}y`, swapped === own ? `y${own.slice(1)}` : swapped, others]) {
    expect(secretCodeOf(`${link}#${wrong}`)).toBe('ERR_OPTION_LINK')
    expect(wordsOf(() => parseSecret(`${link}#${wrong}`))).not.toContain(`#${wrong}`)
  }
  const words = wordsOf(() => parseLink(`http://${privateLink}`))
  expect(words).toContain('is not a hypervision link')
  expect(words).not.toContain(own)
})
