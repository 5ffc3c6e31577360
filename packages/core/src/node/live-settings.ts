/** The settings of the live overlay as a node has them, out of the options that an application gives. */

import { defaultLiveSettings, type LiveSettings, type LiveTimers } from '../swarm/live/live-options.ts'
import type { NodeOptions } from '../swarm/types.ts'
import { checkInteger, checkNumber, optionError } from './check-options.ts'

/** Everything is looked at so often: a shorter time is none. */
const leastTimerMs = 50
const mostTimerMs = 60_000

/** What of the options bears on it; each role has some of them. */
export interface LiveSettingsOptions extends Pick<NodeOptions, 'live'> {
  readonly sourceCopies?: number | undefined
  readonly maxUploads?: number | undefined
}

/** @throws HypervisionError ERR_OPTION_INVALID */
export function liveSettings(options: LiveSettingsOptions): LiveSettings {
  const { live = {}, sourceCopies, maxUploads } = options
  if (typeof live !== 'object' || live === null) throw optionError('live', 'an object', live)
  checkNumber('sourceCopies', sourceCopies, 1, 64)
  checkNumber('maxUploads', maxUploads, 0, 64)
  checkInteger('live.stripes', live.stripes, 1, 16)
  const stripes = live.stripes ?? defaultLiveSettings.stripes
  return {
    stripes,
    sourceCopies: sourceCopies ?? defaultLiveSettings.sourceCopies,
    maxUploads: wholePlaces(maxUploads ?? defaultLiveSettings.maxUploads, stripes),
    timers: liveTimers(live.timers),
  }
}

/** Only nothing is rounded to nothing: whoever may pass on something has one place at least. */
function wholePlaces(copies: number, stripes: number): number {
  return copies === 0 ? 0 : Math.max(1, Math.round(copies * stripes)) / stripes
}

function liveTimers(given: Partial<LiveTimers> = {}): LiveTimers {
  if (typeof given !== 'object' || given === null) throw optionError('live.timers', 'an object', given)
  const timers: Record<keyof LiveTimers, number> = { ...defaultLiveSettings.timers }
  for (const [name, value] of Object.entries(given)) {
    if (!isTimer(name)) throw optionError('live.timers', `of ${Object.keys(timers).join(', ')}`, name)
    checkInteger(`live.timers.${name}`, value, leastTimerMs, mostTimerMs)
    timers[name] = value ?? timers[name]
  }
  // One sign of life may be late: who is taken for dead after it flaps.
  checkInteger('live.timers.deadMs', timers.deadMs, 2 * timers.heartbeatMs, mostTimerMs)
  checkInteger('live.timers.idleDeadMs', timers.idleDeadMs, 2 * timers.idleHeartbeatMs, mostTimerMs)
  return timers
}

function isTimer(name: string): name is keyof LiveTimers {
  return Object.hasOwn(defaultLiveSettings.timers, name)
}
