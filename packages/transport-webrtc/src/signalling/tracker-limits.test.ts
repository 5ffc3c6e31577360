// What a tracker may make a peer hold, at each limit and one past it.
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SignallingHost } from './signalling.ts'
import { trackerSignalling } from './tracker-client.ts'
import { readTrackerMessage } from './tracker-messages.ts'
import { maxTrackerMessage, TrackerSocket, type WebSocketLike } from './tracker-socket.ts'

type Listener = (event: { data?: unknown }) => void

/** A WebSocket that is open, and in which as much waits as the test says. */
function fakeWebSocket(bufferedAmount = 0) {
  const listeners = new Map<string, Listener>()
  const heard: string[] = []
  const webSocket: WebSocketLike = {
    readyState: 1,
    bufferedAmount,
    send: (text) => void heard.push(`sent ${text.length}`),
    close: () => void heard.push('closed'),
    addEventListener: (type, listener) => void listeners.set(type, listener),
  }
  return { webSocket, heard, tell: (data: unknown) => listeners.get('message')?.({ data }) }
}

function openSocket(bufferedAmount = 0) {
  const { webSocket, heard, tell } = fakeWebSocket(bufferedAmount)
  const lost: string[] = []
  const socket = new TrackerSocket({
    url: 'ws://tracker.example',
    openWebSocket: () => webSocket,
    onopen() {},
    onmessage: (text) => void heard.push(`got ${text.length}`),
    onlost: (reason) => void lost.push(reason),
  })
  onTestFinished(() => socket.close())
  return { socket, heard, lost, tell }
}

test('a message of 262 144 characters is taken, and one of one more loses the tracker', () => {
  expect(maxTrackerMessage).toBe(262_144)
  const { heard, lost, tell } = openSocket()
  tell('x'.repeat(262_144))
  expect([heard, lost]).toEqual([['got 262144'], []])
  tell('x'.repeat(262_145))
  expect([heard.slice(1), lost]).toEqual([['closed'], ['it sent a message that no tracker sends']])
})

test('a message of 262 144 characters is sent, and none of one more', () => {
  const { socket, heard } = openSocket()
  expect([262_144, 262_145].map((length) => socket.send('x'.repeat(length)))).toEqual([true, false])
  expect(heard).toEqual(['sent 262144'])
})

test('1 048 576 characters may wait to be sent, and with one more the tracker is lost', () => {
  expect(openSocket(1_048_576).socket.send('x')).toBe(true)
  const { socket, lost } = openSocket(1_048_577)
  expect([socket.send('x'), lost]).toEqual([false, ['it takes nothing more']])
})

test('a tracker is believed to have a million peers, and no more', () => {
  const told = (complete: number): unknown =>
    readTrackerMessage(JSON.stringify({ action: 'announce', info_hash: 'a'.repeat(20), complete }))
  expect([1_000_000, 1_000_001].map(told)).toMatchObject([{ peers: 1_000_000 }, { peers: 1_000_000 }])
})

test('100 messages of a tracker are read at once, and 20 a second', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { webSocket, tell } = fakeWebSocket()
  const reasons: string[] = []
  const host = { connected: 0, wanted: 0, onerror: ({ message }: Error) => void reasons.push(message) }
  const session = trackerSignalling({ url: 'ws://tracker.example', openWebSocket: () => webSocket }).start(
    host as SignallingHost,
  )
  onTestFinished(() => session.close())
  const failures = (count: number): void => {
    for (let at = 0; at < count; at++) tell(JSON.stringify({ 'failure reason': 'full' }))
  }
  failures(101)
  expect(reasons).toHaveLength(100)
  vi.advanceTimersByTime(1000)
  failures(21)
  expect(reasons).toHaveLength(120)
})
