/** What the deliberately broken captures are made of: the fake capture with one promise taken out. */
import type { Capture, CaptureOpenOptions } from '@hypervision/core/contracts'
import type { CaptureRulesOptions } from '../capture-rules.ts'
import { type FakeCapture, type FakeCaptureOptions, fakeCapture } from '../fake-capture.ts'

/** A capture that breaks one promise of the contract. */
export interface BrokenCapture {
  /** Name of the rule that has to reject it. */
  readonly rule: string
  /** What it does wrong, in words that go on from "it". */
  readonly flaw: string
  /** What the error of that rule has in its message: why it is rejected. */
  readonly complaint: string
  /** Makes the options of `captureRules` for one run. */
  start(): CaptureRulesOptions
}

/** Takes a promise out of a fake capture. `holdTimer` starts a timer that nothing but the end of the run stops. */
export type BreakCapture = (fake: FakeCapture, holdTimer: () => void) => Capture

/** What the fake capture is made with before it is broken. */
export interface BrokenCaptureOptions {
  readonly fake?: FakeCaptureOptions
  /** Whether it is to keep the rule of captures that are shared, not of those that are not. @default false */
  readonly isShareable?: boolean
}

/** Describes a broken capture. */
export function brokenCapture(
  about: Omit<BrokenCapture, 'start'>,
  breakIt: BreakCapture,
  { fake = {}, isShareable = false }: BrokenCaptureOptions = {},
): BrokenCapture {
  return {
    ...about,
    start() {
      const timers: ReturnType<typeof setInterval>[] = []
      const fakes: FakeCapture[] = []
      const make = (options: FakeCaptureOptions = {}): Capture => {
        const capture = fakeCapture({ isShareable, ...options, ...fake })
        fakes.push(capture)
        return breakIt(capture, () => void timers.push(setInterval(() => {}, 60_000)))
      }
      return {
        isShareable,
        setup: () => make(),
        failing: () => make({ failAfter: 3 }),
        ending: () => make({ endAfter: 3 }),
        stalling: () => make({ stallAfter: 3 }),
        flooding() {
          const capture = make({ isPaced: false, frameBytes: 500_000 })
          return { capture, takenBytes: () => fakes.at(-1)?.bytes ?? 0 }
        },
        // Not all of the process: timers of a test runner that pass meanwhile would make up for those that stay.
        resources: () => timers.map(() => 'Timeout'),
        teardown() {
          for (const timer of timers.splice(0)) clearInterval(timer)
          for (const capture of fakes) capture.end()
        },
      }
    },
  }
}

/** Opens in another way. */
export function changeOpening(
  capture: Capture,
  open: (options: CaptureOpenOptions) => AsyncIterable<Uint8Array>,
): Capture {
  return { name: capture.name, open }
}

/** A signal that never aborts. */
export function deafSignal(): AbortSignal {
  return new AbortController().signal
}
