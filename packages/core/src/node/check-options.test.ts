// Each option of nodes at both of its limits, and one past them.
import { describe, expect, it } from 'vitest'
import { HypervisionError } from '../contracts/index.ts'
import type { NodeOptions } from '../swarm/types.ts'
import { resolveCutterOptions } from '../webm/cutter-options.ts'
import { checkNodeOptions } from './check-options.ts'
import { type LiveSettingsOptions, liveSettings } from './live-settings.ts'

function codeOf(check: () => unknown): string {
  try {
    check()
    return 'taken'
  } catch (error) {
    return error instanceof HypervisionError ? error.code : `another error: ${error}`
  }
}

const node = (options: object) => codeOf(() => checkNodeOptions(options as NodeOptions))
const live = (options: object) => codeOf(() => liveSettings(options as LiveSettingsOptions))
const cutter = (options: object) => codeOf(() => resolveCutterOptions(options))
const timer = (stripeMs: number) => live({ live: { timers: { heartbeatMs: stripeMs, deadMs: 60_000 } } })
const mostSafe = Number.MAX_SAFE_INTEGER
const mebibyte = 1024 * 1024

/** What gives the code for a value, the least and the most, and by how much one past them differs. */
const limits: readonly [name: string, check: (value: number) => string, least: number, most: number, step: number][] = [
  ['maxPeers', (maxPeers) => node({ maxPeers }), 1, 1024, 1],
  ['storage', (length) => node({ storage: 'x'.repeat(length) }), 1, 4096, 1],
  ['retain.seconds', (seconds) => node({ retain: { seconds } }), 1, mostSafe, 1],
  ['retain.bytes', (bytes) => node({ retain: { bytes } }), 1_000_000, mostSafe, 1],
  ['sourceCopies', (sourceCopies) => live({ sourceCopies }), 1, 64, 0.01],
  ['maxUploads', (maxUploads) => live({ maxUploads }), 0, 64, 0.01],
  ['live.stripes', (stripes) => live({ live: { stripes } }), 1, 16, 1],
  ['live.timers', (heartbeatMs) => timer(heartbeatMs), 50, 30_000, 1],
  ['live.timers.deadMs', (deadMs) => live({ live: { timers: { heartbeatMs: 50, deadMs } } }), 100, 60_000, 1],
  ['blockDurationMs', (blockDurationMs) => cutter({ blockDurationMs }), 20, 5000, 1],
  ['maxInitBytes', (maxInitBytes) => cutter({ maxInitBytes }), 1024, 64 * mebibyte, 1],
  ['maxFrameBytes', (maxFrameBytes) => cutter({ maxFrameBytes }), 1024, 256 * mebibyte, 1],
  ['maxBlockBytes', (maxBlockBytes) => cutter({ maxBlockBytes }), 1024, 256 * mebibyte, 1],
  ['headroomBytes', (headroomBytes) => cutter({ headroomBytes }), 0, 4096, 1],
]

describe.each(limits)('%s', (_name, check, least, most, step) => {
  it(`is taken from ${least} to ${most}`, () => {
    expect([check(least), check(most)]).toEqual(['taken', 'taken'])
  })

  it('is refused one past them', () => {
    const below = least === 0 ? [] : [check(least - step)]
    expect([...below, check(most + step), check(Number.NaN)].filter((code) => code !== 'ERR_OPTION_INVALID')).toEqual(
      [],
    )
  })
})
