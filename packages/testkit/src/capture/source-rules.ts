/** Rules of the capture contract about what is yielded, and when. */
import { cutWebm } from '@hypervision/core/webm'
import { demand, RuleError } from '../rule-run.ts'
import { type CaptureOpening, type CaptureRun, reasonOf } from './capture-run.ts'

/** A named check. */
export interface CaptureCheck {
  readonly name: string
  check(run: CaptureRun): Promise<void>
}

export const sourceRules: readonly CaptureCheck[] = [
  {
    name: 'holds nothing before it is opened',
    async check(run) {
      const before = run.resources()
      const capture = await run.sources.setup()
      demand(capture.name.length > 0, 'The capture has no name.')
      await run.freed(before)
    },
  },
  {
    name: 'begins with an EBML header',
    async check(run) {
      await beginsWithHeader(run.open(await run.sources.setup()))
    },
  },
  {
    name: 'yields WebM that core can cut',
    async check(run) {
      let clusters = 0
      for await (const piece of pieces(run.open(await run.sources.setup()))) {
        if (piece.kind === 'cluster' && ++clusters === 3) return
      }
    },
  },
  {
    name: 'yields chunks whose bytes do not change afterwards',
    async check(run) {
      const opening = run.open(await run.sources.setup())
      const copies: Uint8Array[] = []
      const last = performance.now() + run.limits.watchMs
      while (copies.length < 2 || (copies.length < 64 && performance.now() < last)) {
        copies.push(new Uint8Array(await opening.more()))
      }
      opening.abort()
      await opening.ended('the iteration to end after an abort')
      copies.forEach((copy, index) => {
        const isSame = opening.chunks[index]?.every((byte, at) => byte === copy[at]) === true
        demand(isSame, `The bytes of chunk ${index} changed after it was yielded.`)
      })
    },
  },
]

/** For sources that have a time of their own, or are paced by their timestamps. */
export const realTimeRules: readonly CaptureCheck[] = [
  {
    name: 'yields bytes in real time',
    async check(run) {
      const { watchMs, leadMs } = run.limits
      const startedAt = performance.now()
      let firstMs: number | undefined
      for await (const piece of pieces(run.open(await run.sources.setup()))) {
        if (piece.kind === 'init') continue
        firstMs ??= piece.timestampMs
        const mediaMs = piece.timestampMs - firstMs
        const passedMs = performance.now() - startedAt
        demand(
          mediaMs <= passedMs + leadMs,
          `${Math.round(mediaMs)} ms of media came within ${Math.round(passedMs)} ms.`,
        )
        if (mediaMs >= watchMs) return
      }
    },
  },
]

/** For sources that can be made to give without end. */
export const floodRules: readonly CaptureCheck[] = [
  {
    name: 'holds a fast source back while the consumer does not read',
    async check(run) {
      const flooding = await run.sources.flooding?.()
      if (flooding === undefined) return
      const opening = run.open(flooding.capture)
      await opening.more()
      const { bufferedBytes } = run.limits
      await run.never(
        `More than ${bufferedBytes} bytes were taken from the source while the consumer did not read.`,
        () => flooding.takenBytes() > bufferedBytes,
      )
      for (let chunk = 0; chunk < 16; chunk++) await opening.more()
    },
  },
]

/** Waits for the first four bytes. */
export async function beginsWithHeader(opening: CaptureOpening): Promise<void> {
  const head: number[] = []
  while (head.length < 4) head.push(...(await opening.more()).subarray(0, 4 - head.length))
  const shown = head.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  demand(shown === '1a 45 df a3', `The first bytes are ${shown}, where an EBML header (1a 45 df a3) was expected.`)
}

async function* pieces(opening: CaptureOpening) {
  try {
    yield* cutWebm(opening.bytes(), { blockDurationMs: 40 })
  } catch (error) {
    if (error instanceof RuleError) throw error
    throw new RuleError(`What is yielded cannot be cut: ${reasonOf(error)}`)
  }
}
