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

test.each([
  ['does not open', false, 10_000],
  ['opens and does not answer', true, 5000],
])('a tracker that %s is given up and tried again', async (_name, opens, patienceMs) => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const reasons: string[] = []
  let open = (_event: object): void => {}
  const silent = {
    readyState: 0,
    bufferedAmount: 0,
    send() {},
    close() {},
    addEventListener(type: string, listener: (event: object) => void) {
      if (type === 'open') open = listener
    },
  } satisfies WebSocketLike
  const socket = new TrackerSocket({
    url: 'ws://tracker.example/',
    openWebSocket: () => silent,
    onopen: () => {},
    onmessage: () => {},
    onlost: (reason) => reasons.push(reason),
  })
  if (opens) {
    silent.readyState = 1
    open({})
    // Idle is not silent: nothing is due before something was asked.
    await vi.advanceTimersByTimeAsync(60_000)
    expect(socket.ask('{}')).toBe(true)
  }
  await vi.advanceTimersByTimeAsync(patienceMs - 1)
  expect(reasons).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(reasons).toEqual(['it does not answer'])
  socket.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('with a network again, a tracker that is gone is tried at once, and one that is there is left alone', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const opened: { readyState: number; closed: boolean; fire(type: string): void }[] = []
  const socket = new TrackerSocket({
    url: 'ws://tracker.example/',
    openWebSocket: () => {
      const listeners = new Map<string, (event: object) => void>()
      const one = {
        readyState: 0,
        closed: false,
        bufferedAmount: 0,
        send() {},
        close() {
          one.closed = true
        },
        addEventListener: (type: string, listener: (event: object) => void) => void listeners.set(type, listener),
        fire: (type: string) => listeners.get(type)?.({}),
      }
      opened.push(one)
      return one
    },
    onopen: () => {},
    onmessage: () => {},
    onlost: () => {},
  })
  // So often that the next wait is half a minute.
  for (let lost = 0; lost < 7; lost++) {
    opened.at(-1)?.fire('close')
    await vi.advanceTimersToNextTimerAsync()
  }
  opened.at(-1)?.fire('close')
  const before = opened.length
  socket.hurry()
  expect(opened).toHaveLength(before + 1)
  // One that hangs in opening, on the network that is gone, is not waited for.
  socket.hurry()
  expect(opened.map(({ closed }) => closed).slice(-2)).toEqual([true, false])
  const last = opened.at(-1) ?? expect.fail('there is none')
  last.readyState = 1
  last.fire('open')
  socket.hurry()
  expect(opened).toHaveLength(before + 2)
  socket.close()
  socket.hurry()
  expect([opened.length, vi.getTimerCount()]).toEqual([before + 2, 0])
})
