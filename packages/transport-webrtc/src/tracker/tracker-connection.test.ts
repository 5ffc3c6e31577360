// What one peer may make a tracker do, at each limit and one past it, on a clock that stands still.
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { TrackerConnection } from './tracker-connection.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const sense = JSON.stringify({ action: 'announce', info_hash: 'a'.repeat(20), peer_id: 'b'.repeat(20) })

/** A connection with a peer, and how many of its messages were followed and answered before it was hung up on. */
function connect({ messagesPerSecond = 20, bufferedAmount = 0 } = {}) {
  const counts = { announced: 0, sent: 0, closed: '' }
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1,
    bufferedAmount,
    send: () => void counts.sent++,
    ping() {},
    close: (_code: number, reason: string) => {
      counts.closed = reason
      socket.readyState = 2
    },
    terminate() {},
  })
  const connection = new TrackerConnection(socket as unknown as WebSocket, {
    messagesPerSecond,
    announce: () => {
      counts.announced++
      return null
    },
    onclose() {},
  })
  return { connection, counts, say: (text: string) => void socket.emit('message', Buffer.from(text), false) }
}

test('of 20 messages a second 80 are followed at once, and one more is hung up on', () => {
  const { counts, say } = connect()
  for (let count = 0; count < 80; count++) say(sense)
  expect(counts).toEqual({ announced: 80, sent: 0, closed: '' })
  vi.advanceTimersByTime(1000)
  for (let count = 0; count < 20; count++) say(sense)
  expect(counts).toEqual({ announced: 100, sent: 0, closed: '' })
  say(sense)
  expect(counts).toEqual({ announced: 100, sent: 0, closed: 'too many messages' })
})

test('what makes no sense counts for six: 13 are answered, and one more is hung up on', () => {
  const { counts, say } = connect()
  for (let count = 0; count < 13; count++) say('nonsense')
  expect(counts).toEqual({ announced: 0, sent: 13, closed: '' })
  say('nonsense')
  expect(counts).toEqual({ announced: 0, sent: 13, closed: 'too much nonsense' })
})

test('a peer for whom 524 288 bytes wait is sent more, and none for whom one more waits', () => {
  for (const [bufferedAmount, sent] of [
    [524_288, 1],
    [524_289, 0],
  ] as const) {
    const { connection, counts } = connect({ bufferedAmount })
    connection.send({})
    expect(counts.sent).toBe(sent)
  }
})
