/** Rules of the capture contract about how an iteration ends, and what is left then. */
import { type Capture, HypervisionError } from '@hypervision/core/contracts'
import { demand, RuleError } from '../rule-run.ts'
import { reasonOf } from './capture-run.ts'
import type { CaptureCheck } from './source-rules.ts'

const afterAbort = 'the iteration to end after an abort'

export const endingRules: readonly CaptureCheck[] = [
  {
    name: 'ends without an error when the signal has aborted before it is opened',
    async check(run) {
      const before = run.resources()
      const controller = new AbortController()
      controller.abort()
      await run.open(await run.sources.setup(), controller).ended(afterAbort)
      await run.freed(before)
    },
  },
  {
    name: 'ends soon and without an error when the signal aborts, and frees what it held',
    async check(run) {
      const before = run.resources()
      for (const { chunks, isAwaited } of [
        { chunks: 0, isAwaited: true },
        { chunks: 3, isAwaited: true },
        { chunks: 3, isAwaited: false },
      ]) {
        const opening = run.open(await run.sources.setup())
        for (let taken = 0; taken < chunks; taken++) await opening.more()
        const pending = isAwaited ? opening.next(afterAbort, run.limits.endMs) : undefined
        opening.abort()
        await opening.ended(afterAbort, pending)
      }
      await run.freed(before)
    },
  },
  {
    name: 'ends when the consumer leaves, and frees what it held',
    async check(run) {
      const before = run.resources()
      const opening = run.open(await run.sources.setup())
      await opening.more()
      await opening.leave()
      demand((await opening.next()) === null, 'Bytes were yielded after return().')
      await run.freed(before)
    },
  },
]

/** For sources that can be made to give nothing. */
export const stallRules: readonly CaptureCheck[] = [
  {
    name: 'ends soon and without an error when the signal aborts while its source gives nothing',
    async check(run) {
      const before = run.resources()
      const { quietMs, endMs } = run.limits
      const opening = run.open(await made(run.sources.stalling))
      await run.soon(
        'the source to stall',
        (async () => {
          for (let isStalled = false; !isStalled; ) {
            const pending = opening.next(afterAbort, quietMs + endMs)
            isStalled = await isQuiet(pending, quietMs)
            if (!isStalled) continue
            opening.abort()
            await opening.ended(afterAbort, pending)
          }
        })(),
      )
      await run.freed(before)
    },
  },
]

/** For sources that can be made to end. */
export const sourceEndRules: readonly CaptureCheck[] = [
  {
    name: 'ends without an error when its source does, and frees what it held',
    async check(run) {
      const before = run.resources()
      const opening = run.open(await made(run.sources.ending))
      const error = await failureOf(opening.readToEnd())
      demand(error === null, `The iteration ended with an error: ${reasonOf(error)}`)
      demand((await opening.next()) === null, 'Bytes were yielded after the end.')
      await run.freed(before)
    },
  },
]

/** For sources that can be made to fail. */
export const failureRules: readonly CaptureCheck[] = [
  {
    name: 'throws a HypervisionError with a code of captures when its source fails, and frees what it held',
    async check(run) {
      const before = run.resources()
      const error = await failureOf(run.open(await made(run.sources.failing)).readToEnd())
      demand(error !== null, 'The iteration ended without an error, though its source had failed.')
      demand(error instanceof HypervisionError, `What was thrown is no HypervisionError: ${reasonOf(error)}`)
      demand(error.code.startsWith('ERR_CAPTURE_'), `The error has the code ${error.code}, not one of captures.`)
      demand(error.message.length > 0, 'The error has no message.')
      await run.freed(before)
    },
  },
]

/** For captures that open their source themselves. */
export const retryRules: readonly CaptureCheck[] = [
  {
    name: 'can be opened again after its source failed',
    async check(run) {
      const capture = await made(run.sources.failing)
      for (let round = 0; round < 2; round++) {
        const error = await failureOf(run.open(capture).readToEnd())
        demand(
          !(error instanceof HypervisionError && error.code === 'ERR_CAPTURE_IN_USE'),
          'It is taken for open after it has failed.',
        )
      }
    },
  },
]

async function made(make: (() => Capture | Promise<Capture>) | undefined): Promise<Capture> {
  if (make === undefined) throw new Error('The rule needs a source that was not given.')
  return await make()
}

/** What was thrown; null where nothing was. */
async function failureOf(reading: Promise<void>): Promise<unknown> {
  try {
    await reading
    return null
  } catch (error) {
    if (error instanceof RuleError) throw error
    return error ?? new Error('undefined was thrown')
  }
}

/** Whether nothing has come of the promise for so long. */
async function isQuiet(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const quiet = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), milliseconds)
  })
  return Promise.race([promise.then(() => false), quiet]).finally(() => clearTimeout(timer))
}
