/** The conformance kit of captures: every promise of the contract as a rule that any test runner can run. */
import { type CaptureKitLimits, type CaptureKitSources, CaptureRun } from './capture-run.ts'
import { endingRules, failureRules, retryRules, sourceEndRules, stallRules } from './ending-rules.ts'
import { exclusiveRules, reopenRules, sharedRules } from './opening-rules.ts'
import { type CaptureCheck, floodRules, realTimeRules, sourceRules } from './source-rules.ts'

/** What {@link captureRules} needs of a capture. */
export interface CaptureRulesOptions extends CaptureKitSources, CaptureKitLimits {
  /** Whether it may be open more than once at a time; a device may not, a file may. @default false */
  readonly isShareable?: boolean
  /** Whether it can be opened again after it ended; a pipe cannot. @default true */
  readonly isReopenable?: boolean
  /** Whether the kit's source is one that gives media in real time. @default true */
  readonly isRealTime?: boolean
  /**
   * Names what the process holds now, one entry per thing: processes, handles, timers.
   * @default process.getActiveResourcesInfo(), which does not count files; nothing where there is no such function
   */
  resources?(): readonly string[]
  /** Ends what a rule's sources have left, such as a server of their own. */
  teardown?(): void | Promise<void>
}

/** One promise of the contract. */
export interface CaptureRule {
  /** The promise, in words that go on from "it". */
  readonly name: string
  /** Resolves where the capture keeps it, rejects with what it did instead. */
  run(): Promise<void>
}

/**
 * Rules that a capture has to keep.
 *
 * ```ts
 * for (const rule of captureRules({ setup: () => fakeCapture() })) it(rule.name, rule.run)
 * ```
 */
export function captureRules(options: CaptureRulesOptions): readonly CaptureRule[] {
  const { failing, ending, stalling, flooding, resources, teardown } = options
  const { isShareable = false, isReopenable = true, isRealTime = true } = options
  const checks: CaptureCheck[] = [
    ...sourceRules,
    ...(isRealTime ? realTimeRules : []),
    ...(flooding === undefined ? [] : floodRules),
    ...endingRules,
    ...(stalling === undefined ? [] : stallRules),
    ...(ending === undefined ? [] : sourceEndRules),
    ...(failing === undefined ? [] : failureRules),
    ...(failing !== undefined && isReopenable ? retryRules : []),
    ...(isReopenable ? reopenRules : []),
    ...(isShareable ? sharedRules : exclusiveRules),
  ]
  return checks.map(({ name, check }) => ({
    name,
    async run() {
      const run = new CaptureRun(options, () => resources?.())
      try {
        await check(run)
      } finally {
        await run.close()
        await teardown?.()
      }
    },
  }))
}
