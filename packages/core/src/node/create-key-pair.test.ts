import b4a from 'b4a'
import { expect, it } from 'vitest'
import { HypervisionError, type KeyPair } from '../contracts/index.ts'
import { checkKeyPair } from './check-options.ts'
import { createKeyPair } from './create-key-pair.ts'

function errorOf(run: () => unknown): HypervisionError | null {
  try {
    run()
    return null
  } catch (error) {
    if (error instanceof HypervisionError) return error
    throw error
  }
}

it('makes the same key pair of the same seed, and another one each time without', () => {
  const seed = b4a.alloc(32, 1)
  expect(createKeyPair(seed)).toEqual(createKeyPair(seed))
  expect(b4a.toString(createKeyPair(seed).publicKey, 'hex')).toBe(
    '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c',
  )
  expect(createKeyPair()).not.toEqual(createKeyPair())
})

it.each([[b4a.alloc(31)], [b4a.alloc(33)], ['x'.repeat(32)], [null]])('refuses the seed %#', (seed) => {
  expect(errorOf(() => createKeyPair(seed as Uint8Array))?.code).toBe('ERR_OPTION_INVALID')
})

it('takes two keys that belong together and nothing else, and repeats no secret', () => {
  const good = createKeyPair()
  checkKeyPair('keyPair', good)
  checkKeyPair('keyPair', undefined)
  const bad: unknown[] = [
    null,
    'secret',
    {},
    { publicKey: good.publicKey },
    { ...good, secretKey: good.secretKey.subarray(0, 32) },
    { ...good, publicKey: createKeyPair().publicKey },
    { ...good, publicKey: b4a.toString(good.publicKey, 'hex') },
  ]
  for (const one of bad) {
    const error = errorOf(() => checkKeyPair('keyPair', one as KeyPair))
    expect(error?.code).toBe('ERR_OPTION_INVALID')
    expect(error?.message).not.toContain('"secret"')
  }
})
