// When a topic is announced again, and a tracker tried again: on a clock that the test moves, with the die that it throws.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SignallingHost } from './signalling.ts'
import { TrackerSocket, type WebSocketLike } from './tracker-socket.ts'
import { TrackerTopic } from './tracker-topic.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const host: SignallingHost = {
  connected: 0,
  wanted: 5,
  offer: async () => [],
  answer: async () => null,
  complete: () => {},
  onerror: () => {},
}

/** Milliseconds between so many announcements of a topic and those before them, each of which the tracker answers at once. */
async function waitsOf(peers: number, intervalSeconds: number, count: number): Promise<number[]> {
  const times: number[] = []
  const topic = new TrackerTopic({
    topic: new Uint8Array(32),
    asked: { announce: true, lookup: true },
    host,
    isConnected: () => true,
    announce() {
      times.push(Date.now())
      queueMicrotask(() => topic.onannounced(peers, intervalSeconds))
      return true
    },
  })
  topic.restart()
  while (times.length <= count) await vi.advanceTimersToNextTimerAsync()
  topic.stop()
  expect(vi.getTimerCount()).toBe(0)
  return waitsBetween(times)
}

/** Timers count whole milliseconds. */
const waitsBetween = (times: readonly number[]): number[] =>
  times.slice(1).map((at, place) => Math.round((at - (times[place] ?? 0)) / 10) * 10)

test.each([
  ['soonest', 0, 22_500],
  ['in the middle', 0.5, 30_000],
  ['latest', 1, 37_500],
])('who is alone announces again about every half minute: %s', async (_name, die, expected) => {
  vi.spyOn(Math, 'random').mockReturnValue(die)
  expect(await waitsOf(1, 120, 3)).toEqual([expected, expected, expected])
})

test('who misses somebody asks sooner, and less often from time to time', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  // The second announcement calls those whom the first could not know of.
  expect(await waitsOf(4, 120, 6)).toEqual([0, 1000, 2000, 4000, 8000, 8000])
})

test("the tracker's own interval is kept where it is shorter, but not one that would flood it", async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  expect(await waitsOf(1, 15, 2)).toEqual([15_000, 15_000])
  expect(await waitsOf(1, 1, 2)).toEqual([10_000, 10_000])
})

test.each([
  ['soonest', 0, 0.7],
  ['latest', 1, 1.3],
])(
  'a tracker that is gone is tried again after growing waits, which differ from node to node: %s',
  async (_name, die, factor) => {
    vi.spyOn(Math, 'random').mockReturnValue(die)
    const times: number[] = []
    let lost = 0
    const socket = new TrackerSocket({
      url: 'ws://tracker.example/',
      openWebSocket: () => {
        times.push(Date.now())
        throw new Error('nobody is there')
      },
      onopen: () => {},
      onmessage: () => {},
      onlost: () => lost++,
    })
    await vi.advanceTimersByTimeAsync(150_000)
    socket.close()
    const expected = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000].map((wait) => wait * factor)
    expect(waitsBetween(times).slice(0, 8)).toEqual(expected)
    expect([lost, vi.getTimerCount()]).toEqual([times.length, 0])
  },
)

test('a tracker that takes the connection and says nothing is given up after ten seconds', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const reasons: string[] = []
  const silent: WebSocketLike = { readyState: 0, bufferedAmount: 0, send() {}, close() {}, addEventListener() {} }
  const socket = new TrackerSocket({
    url: 'ws://tracker.example/',
    openWebSocket: () => silent,
    onopen: () => {},
    onmessage: () => {},
    onlost: (reason) => reasons.push(reason),
  })
  await vi.advanceTimersByTimeAsync(9999)
  expect(reasons).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(reasons).toEqual(['it does not answer'])
  socket.close()
})
