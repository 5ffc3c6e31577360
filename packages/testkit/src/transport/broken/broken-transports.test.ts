import { expect, it } from 'vitest'
import { isLate, rejectsEach } from '../../../test/rejects-each.ts'
import { memoryNetwork } from '../memory-transport.ts'
import { type TransportRule, transportRules } from '../transport-rules.ts'
import type { BrokenTransport } from './broken-transport.ts'
import { brokenTransports } from './broken-transports.ts'

function ruleFor(broken: BrokenTransport): TransportRule | undefined {
  return transportRules({
    setup: () => broken.start(),
    teardown: (network) => network.close(),
    deadlineMs: isLate(broken) ? 400 : 15_000,
    quietMs: 100,
    bufferedBytes: 2 * 1024 * 1024,
  }).find(({ name }) => name === broken.rule)
}

rejectsEach('transport', brokenTransports, ruleFor)

it('has a broken transport for every rule', () => {
  const rejected = new Set(brokenTransports.map(({ rule }) => rule))
  const names = transportRules({ setup: () => memoryNetwork() }).map(({ name }) => name)
  expect([...rejected].sort()).toEqual([...names].sort())
})
