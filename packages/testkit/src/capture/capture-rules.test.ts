import { describe, it } from 'vitest'
import { captureRules } from './capture-rules.ts'
import { fakeCapture } from './fake-capture.ts'

const limits = { quietMs: 100, watchMs: 400 }

const sources = {
  failing: () => fakeCapture({ failAfter: 3 }),
  ending: () => fakeCapture({ endAfter: 5 }),
  stalling: () => fakeCapture({ stallAfter: 3 }),
  flooding() {
    const capture = fakeCapture({ isPaced: false, frameBytes: 500_000 })
    return { capture, takenBytes: () => capture.bytes }
  },
}

describe('the fake capture', () => {
  for (const rule of captureRules({ setup: () => fakeCapture(), ...sources, ...limits })) it(rule.name, rule.run)
})

describe('the fake capture where it is shared', () => {
  for (const rule of captureRules({ setup: () => fakeCapture({ isShareable: true }), isShareable: true, ...limits })) {
    it(rule.name, rule.run)
  }
})
