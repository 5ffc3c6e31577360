import b4a from 'b4a'
import { expect, it } from 'vitest'
import { Banishment } from './banishment.ts'

/** The public key of somebody. */
const key = (number: number): Uint8Array => b4a.from(number.toString(16).padStart(64, '0'), 'hex')

it('keeps a peer out for a minute', () => {
  let now = 0
  const banishment = new Banishment(() => now)
  banishment.add(key(1))
  now = 59_999
  expect([banishment.has(key(1)), banishment.has(key(2))]).toEqual([true, false])
  now = 60_000
  expect(banishment.has(key(1))).toBe(false)
})

it('remembers a thousand peers, and forgets the oldest for one more', () => {
  const banishment = new Banishment(() => 0)
  for (let number = 0; number < 1000; number++) banishment.add(key(number))
  expect([banishment.has(key(0)), banishment.has(key(999))]).toEqual([true, true])
  banishment.add(key(1000))
  expect([banishment.has(key(0)), banishment.has(key(1)), banishment.has(key(1000))]).toEqual([false, true, true])
})
