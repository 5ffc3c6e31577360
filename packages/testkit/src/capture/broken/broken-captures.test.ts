import { expect, it } from 'vitest'
import { isLate, rejectsEach } from '../../../test/rejects-each.ts'
import { type CaptureRule, captureRules } from '../capture-rules.ts'
import type { BrokenCapture } from './broken-capture.ts'
import { brokenCaptures } from './broken-captures.ts'

function ruleFor(broken: BrokenCapture): CaptureRule | undefined {
  return captureRules({
    ...broken.start(),
    deadlineMs: isLate(broken) ? 500 : 15_000,
    endMs: isLate(broken) ? 300 : 5000,
    quietMs: 100,
    watchMs: 400,
    bufferedBytes: 2 * 1024 * 1024,
  }).find(({ name }) => name === broken.rule)
}

rejectsEach('capture', brokenCaptures, ruleFor)

it('has a broken capture for every rule', () => {
  const rejected = new Set(brokenCaptures.map(({ rule }) => rule))
  const [broken] = brokenCaptures
  const names = [true, false].flatMap((isShareable) =>
    broken === undefined ? [] : captureRules({ ...broken.start(), isShareable }).map(({ name }) => name),
  )
  expect([...rejected].sort()).toEqual([...new Set(names)].sort())
})
