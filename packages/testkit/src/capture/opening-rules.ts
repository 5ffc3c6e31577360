/** Rules of the capture contract about opening more than once. */
import { HypervisionError } from '@hypervision/core/contracts'
import { demand } from '../rule-run.ts'
import { reasonOf } from './capture-run.ts'
import { beginsWithHeader, type CaptureCheck } from './source-rules.ts'

/** For captures that open their source themselves. */
export const reopenRules: readonly CaptureCheck[] = [
  {
    name: 'can be opened again after it ended',
    async check(run) {
      const capture = await run.sources.setup()
      const aborted = run.open(capture)
      await beginsWithHeader(aborted)
      aborted.abort()
      await aborted.ended('the iteration to end after an abort')
      const left = run.open(capture)
      await beginsWithHeader(left)
      await left.leave()
      await beginsWithHeader(run.open(capture))
    },
  },
]

/** For sources that serve one opening at a time. */
export const exclusiveRules: readonly CaptureCheck[] = [
  {
    name: 'refuses to be opened a second time while it runs, and runs on',
    async check(run) {
      const capture = await run.sources.setup()
      const first = run.open(capture)
      await first.more()
      // Twice: a refusal must not free what the first one holds.
      for (let round = 0; round < 2; round++) {
        const error = await run
          .open(capture)
          .next()
          .then(
            () => null,
            (caught: unknown) => caught,
          )
        demand(error !== null, 'It was opened a second time while it ran.')
        demand(
          error instanceof HypervisionError && error.code === 'ERR_CAPTURE_IN_USE',
          `A second opening was not refused with ERR_CAPTURE_IN_USE: ${reasonOf(error)}`,
        )
      }
      await first.more()
    },
  },
]

/** For sources that serve any number of openings. */
export const sharedRules: readonly CaptureCheck[] = [
  {
    name: 'serves several openings at once, each from its beginning',
    async check(run) {
      const capture = await run.sources.setup()
      const first = run.open(capture)
      const second = run.open(capture)
      await Promise.all([beginsWithHeader(first), beginsWithHeader(second)])
      first.abort()
      await first.ended('the iteration to end after an abort')
      for (let chunk = 0; chunk < 4; chunk++) await second.more()
    },
  },
]
