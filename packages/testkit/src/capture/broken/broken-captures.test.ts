import { describe, expect, it } from 'vitest'
import { RuleError } from '../../rule-run.ts'
import { type CaptureRule, captureRules } from '../capture-rules.ts'
import type { BrokenCapture } from './broken-capture.ts'
import { brokenCaptures } from './broken-captures.ts'

function ruleFor(broken: BrokenCapture): CaptureRule | undefined {
  const isLate = broken.complaint.startsWith('for ') || broken.complaint.startsWith('Still')
  return captureRules({
    ...broken.start(),
    // Long where the rule needs no deadline to be broken, so that a slow machine is not taken for a flaw.
    deadlineMs: isLate ? 500 : 15_000,
    endMs: isLate ? 300 : 5000,
    quietMs: 100,
    watchMs: 400,
    bufferedBytes: 2 * 1024 * 1024,
  }).find(({ name }) => name === broken.rule)
}

describe('the kit rejects a capture that', () => {
  for (const broken of brokenCaptures) {
    it(`${broken.flaw} (${broken.rule})`, async () => {
      const error = await ruleFor(broken)
        ?.run()
        .catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(RuleError)
      expect((error as RuleError).message).toContain(broken.complaint)
    })
  }
})

it('has a broken capture for every rule', () => {
  const rejected = new Set(brokenCaptures.map(({ rule }) => rule))
  const [broken] = brokenCaptures
  const names = [true, false].flatMap((isShareable) =>
    broken === undefined ? [] : captureRules({ ...broken.start(), isShareable }).map(({ name }) => name),
  )
  expect([...rejected].sort()).toEqual([...new Set(names)].sort())
})
