import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { type PlayedElement, Playhead } from './playhead.ts'
import type { Range } from './ranges.ts'

/** What a playhead sees of a browser that has run dry before a hole. */
class DryVideo extends EventTarget implements PlayedElement {
  currentTime = 3.28
  readyState = 2
  seeking = false
  paused = false
  playbackRate = 1
  duration = Number.POSITIVE_INFINITY
  readonly defaultPlaybackRate = 1
  readonly autoplay = false
  readonly ended = false
  readonly error = null
  readonly ownerDocument = { hidden: false }
}

beforeEach(() => {
  vi.stubGlobal('HTMLMediaElement', { HAVE_CURRENT_DATA: 2 })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function watch(ranges: Range[], appendedSeconds: number, isFollowing = false) {
  const video = new DryVideo()
  const closing = new AbortController()
  onTestFinished(() => closing.abort())
  let now = 0
  const jumps: [to: number, reason: string][] = []
  const seeks: number[] = []
  let returns = 0
  const playhead = new Playhead(
    video,
    {
      ranges: () => ranges,
      appendedSeconds: () => appendedSeconds,
      waitingSeconds: () => 0,
      onstall() {},
      onjump: (_from, to, reason) => jumps.push([to, reason]),
      onseek: (to) => seeks.push(to),
      onreturn: () => returns++,
    },
    { isFollowing, now: () => now, signal: closing.signal },
  )
  video.dispatchEvent(new Event('playing'))
  const tickAt = (ms: number) => {
    now = ms
    playhead.tick()
  }
  return { video, jumps, seeks, tickAt, playhead, returns: () => returns }
}

const beforeHole: Range = [2.7, 3.63]
const behindHole: Range = [8.5, 9]

it('goes over a hole also where the browser stopped well before it', () => {
  const { jumps, tickAt } = watch([beforeHole, behindHole], 8.6)
  tickAt(0)
  tickAt(200)
  expect(jumps).toEqual([])
  tickAt(400)
  expect(jumps).toEqual([[8.501, 'hole']])
})

it('goes at once where it stands at the brink', () => {
  const { video, jumps, tickAt } = watch([beforeHole, behindHole], 8.6)
  video.currentTime = 3.5
  tickAt(0)
  expect(jumps).toEqual([[8.501, 'hole']])
})

it('waits while more comes before the hole, and while the browser goes on', () => {
  const growing = watch([beforeHole, behindHole], 3.5)
  const playing = watch([beforeHole, behindHole], 8.6)
  playing.video.readyState = 3
  for (const ms of [0, 400, 800]) {
    growing.tickAt(ms)
    playing.tickAt(ms)
  }
  expect([...growing.jumps, ...playing.jumps]).toEqual([])
})

it('makes a seek anew that does not end though what it needs is there', () => {
  const { video, tickAt } = watch([[2.7, 9]], 8.9)
  video.seeking = true
  video.currentTime = 4
  tickAt(0)
  tickAt(2900)
  expect(video.currentTime).toBe(4)
  tickAt(3100)
  expect(video.currentTime).toBeCloseTo(4.001)
  // The next time it is given twice as long.
  for (const ms of [3200, 9100]) tickAt(ms)
  expect(video.currentTime).toBeCloseTo(4.001)
  tickAt(9300)
  expect(video.currentTime).toBeCloseTo(4.002)
  // One that waits for the network has time.
  const waiting = watch([[2.7, 4.5]], 4.4)
  waiting.video.seeking = true
  waiting.video.currentTime = 4
  for (const ms of [0, 3100, 60_000]) waiting.tickAt(ms)
  expect(waiting.video.currentTime).toBe(4)
})

it('goes on further on where it stands in the midst of what is there, and at the very end of what is over', () => {
  const { video, jumps, tickAt } = watch([[2.7, 5]], 4.9)
  for (const ms of [0, 2900]) tickAt(ms)
  expect(jumps).toEqual([])
  tickAt(3000)
  expect(jumps).toEqual([[expect.closeTo(4.28), 'hole']])
  // It seeks, and stands again: what is left may be what the browser waits to have more of.
  video.dispatchEvent(new Event('seeking'))
  for (const ms of [4000, 60_000]) tickAt(ms)
  expect(jumps).toHaveLength(1)
  // Nothing more comes.
  video.duration = 5
  tickAt(60_100)
  expect(jumps.slice(1)).toEqual([[5, 'hole']])
  video.paused = true
  tickAt(120_000)
  expect(jumps).toHaveLength(2)
})

it('goes to the very end where a seek near the end of what is over does not end', () => {
  const { video, tickAt, playhead } = watch([[2.7, 9]], 8.9, true)
  video.duration = 9
  playhead.goToEdge()
  const wanted = video.currentTime
  expect(wanted).toBeLessThan(9)
  video.seeking = true
  for (const ms of [0, 3100, 3200, 9100]) tickAt(ms)
  expect(video.currentTime).toBe(wanted)
  tickAt(9300)
  expect(video.currentTime).toBe(9)
})

it('takes its own seek for its own although the browser tells of it when playback has gone on, and that of a person for theirs', () => {
  const { video, seeks, playhead } = watch([[2.7, 9]], 8.9, true)
  playhead.goToEdge()
  const edge = video.currentTime
  const tellOf = (seconds: number, seeking: boolean) => {
    Object.assign(video, { currentTime: seconds, seeking })
    video.dispatchEvent(new Event('seeking'))
  }
  tellOf(edge, true)
  tellOf(edge + 0.2, false)
  expect(seeks).toEqual([])
  tellOf(edge + 0.2, true)
  tellOf(3, true)
  tellOf(3.2, false)
  expect(seeks).toEqual([edge + 0.2, 3, 3.2])
})

it('returns to the live edge where the browser paused in the background, and stays where a person paused', () => {
  for (const [isHidden, pausedMs, expected] of [
    [true, 20_000, [1, true]],
    [true, 1000, [0, true]],
    [false, 20_000, [0, false]],
    [false, 1000, [0, true]],
  ] as const) {
    const { video, tickAt, playhead, returns } = watch([[2.7, 9]], 8.9, true)
    video.readyState = 4
    video.ownerDocument.hidden = isHidden
    video.paused = true
    video.dispatchEvent(new Event('pause'))
    video.ownerDocument.hidden = false
    video.paused = false
    tickAt(pausedMs)
    expect([returns(), playhead.isFollowing]).toEqual(expected)
  }
})
