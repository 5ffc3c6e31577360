import { expect, test } from 'vitest'
import { defaultLiveSettings } from '../swarm/live/live-options.ts'
import { type LiveSettingsOptions, liveSettings } from './live-settings.ts'

test('what is left out has its default', () => {
  expect(liveSettings({})).toEqual(defaultLiveSettings)
  expect(liveSettings({ live: { timers: {} }, maxUploads: undefined })).toEqual(defaultLiveSettings)
})

test('each option goes to its place and leaves the others as they are', () => {
  const live = { stripes: 8, timers: { pullMs: 400 } }
  expect(liveSettings({ sourceCopies: 3, maxUploads: 0.5, live })).toEqual({
    stripes: 8,
    sourceCopies: 3,
    maxUploads: 0.5,
    timers: { ...defaultLiveSettings.timers, pullMs: 400 },
  })
})

test('an upload that is not nothing is one stripe at least, and whole stripes above that', () => {
  const copies = [0, 0.01, 0.25, 0.6, 1.5, 64]
  expect(copies.map((maxUploads) => liveSettings({ maxUploads }).maxUploads)).toEqual([0, 0.25, 0.25, 0.5, 1.5, 64])
})

const wrong: [option: string, options: unknown][] = [
  ['sourceCopies', { sourceCopies: 0 }],
  ['sourceCopies', { sourceCopies: 65 }],
  ['maxUploads', { maxUploads: -1 }],
  ['maxUploads', { maxUploads: Number.NaN }],
  ['maxUploads', { maxUploads: '2' }],
  ['live', { live: 4 }],
  ['live.stripes', { live: { stripes: 17 } }],
  ['live.stripes', { live: { stripes: 2.5 } }],
  ['live.timers', { live: { timers: null } }],
  ['live.timers', { live: { timers: { patienceMs: 100 } } }],
  ['live.timers.pullMs', { live: { timers: { pullMs: 49 } } }],
  ['live.timers.retryMs', { live: { timers: { retryMs: 60_001 } } }],
  ['live.timers.deadMs', { live: { timers: { heartbeatMs: 500 } } }],
  ['live.timers.idleDeadMs', { live: { timers: { idleDeadMs: 550 } } }],
]

test.each(wrong)('%s is refused in %j', (option, options) => {
  const expected = expect.objectContaining({ code: 'ERR_OPTION_INVALID', detail: expect.objectContaining({ option }) })
  expect(() => liveSettings(options as LiveSettingsOptions)).toThrow(expected)
})
