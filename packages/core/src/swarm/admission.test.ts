import { keyPair } from 'hypercore-crypto'
import { expect, it } from 'vitest'
import { manualClock } from '../../test/swarm/manual-clock.ts'
import { type AskedFor, isAuthorized } from './admission.ts'

const connection: AskedFor = {
  id: 'ab',
  transport: 'test',
  remoteAddress: '203.0.113.7:4001',
  stream: { remotePublicKey: keyPair().publicKey },
}

it('takes no answer within 10 seconds for a no, and says so', async () => {
  const clock = manualClock()
  const warnings: Error[] = []
  const onwarning = (error: Error): void => void warnings.push(error)
  const answer = isAuthorized(connection, { clock, onwarning, authorize: () => new Promise(() => {}) })
  await clock.advance(9_999)
  expect(warnings).toEqual([])
  await clock.advance(1)
  expect(await answer).toBe(false)
  expect(warnings[0]?.message).toContain('it has not answered within 10 s')
})

it('takes nothing but true for a yes', async () => {
  const options = { clock: manualClock(), onwarning() {} }
  for (const value of [false, undefined, null, 1, 'yes']) {
    expect(await isAuthorized(connection, { ...options, authorize: () => value as boolean })).toBe(false)
  }
  expect(await isAuthorized(connection, { ...options, authorize: async () => true })).toBe(true)
})
