import { describe, expect, it } from 'vitest'
import { RuleError } from '../../rule-run.ts'
import { memoryNetwork } from '../memory-transport.ts'
import { type TransportRule, transportRules } from '../transport-rules.ts'
import type { BrokenTransport } from './broken-transport.ts'
import { brokenTransports } from './broken-transports.ts'

function ruleFor(broken: BrokenTransport): TransportRule | undefined {
  return transportRules({
    setup: () => broken.start(),
    teardown: (network) => network.close(),
    // Long where the rule needs no deadline to be broken, so that a slow machine is not taken for a flaw.
    deadlineMs: broken.complaint.startsWith('for ') || broken.complaint.startsWith('Still') ? 400 : 15_000,
    quietMs: 100,
    bufferedBytes: 2 * 1024 * 1024,
  }).find(({ name }) => name === broken.rule)
}

describe('the kit rejects a transport that', () => {
  for (const broken of brokenTransports) {
    it(`${broken.flaw} (${broken.rule})`, async () => {
      const error = await ruleFor(broken)
        ?.run()
        .catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(RuleError)
      expect((error as RuleError).message).toContain(broken.complaint)
    })
  }
})

it('has a broken transport for every rule', () => {
  const rejected = new Set(brokenTransports.map(({ rule }) => rule))
  const names = transportRules({ setup: () => memoryNetwork() }).map(({ name }) => name)
  expect([...rejected].sort()).toEqual([...names].sort())
})
