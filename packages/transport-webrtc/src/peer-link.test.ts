// How long a connection may take, on a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type FakeConnection, fakePlatform } from '../test/fake-rtc.ts'
import { PeerLink } from './peer-link.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function startLink(...urls: string[]): { link: PeerLink; connection: FakeConnection; events: string[] } {
  const { rtc, connections } = fakePlatform()
  const events: string[] = []
  const link = new PeerLink({
    rtc,
    configuration: { iceServers: urls.map((url) => ({ urls: [url] })), iceTransportPolicy: 'all' },
    onopen: () => events.push('open'),
    onclose: () => events.push('close'),
  })
  const [connection] = connections
  if (connection === undefined) throw new Error('no connection was made')
  return { link, connection, events }
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => {
    settled = true
  })
  await vi.advanceTimersByTimeAsync(0)
  return settled
}

describe('candidates', () => {
  test.each(['offer', 'answer'] as const)('are waited for half a second at most, in an %s', async (type) => {
    const { link } = startLink()
    const described = type === 'offer' ? link.offer() : link.answer('v=0\r\n')
    await vi.advanceTimersByTimeAsync(499)
    expect(await isSettled(described)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await described).toBe('v=0')
    link.destroy()
  })

  test('that are all there are not waited for any longer', async () => {
    const { link, connection } = startLink()
    const described = link.offer()
    await vi.advanceTimersByTimeAsync(20)
    connection.gathered()
    expect(await isSettled(described)).toBe(true)
    link.destroy()
  })
})

describe('where the implementation does not say that there will be no more, a description goes 30 ms after', () => {
  const servers: Record<string, { urls: string[]; early: string[]; last: string }> = {
    'the last address of the machine, with no server to ask': { urls: [], early: [], last: 'host' },
    'the last address that a STUN server told': { urls: ['stun:host:1'], early: ['host'], last: 'srflx' },
    'the last address at a TURN server': {
      urls: ['stun:host:1', 'turn:host:2'],
      early: ['host', 'srflx'],
      last: 'relay',
    },
  }
  test.each(Object.entries(servers))('%s', async (_name, { urls, early, last }) => {
    const { link, connection } = startLink(...urls)
    const described = link.offer()
    await vi.advanceTimersByTimeAsync(10)
    for (const kind of early) connection.candidate(kind)
    await vi.advanceTimersByTimeAsync(100)
    for (let count = 0; count < 2; count++) {
      expect(await isSettled(described)).toBe(false)
      connection.candidate(last)
      await vi.advanceTimersByTimeAsync(29)
    }
    expect(await isSettled(described)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await isSettled(described)).toBe(true)
    expect((await described).match(/typ \w+/g)).toEqual([...early, last, last].map((kind) => `typ ${kind}`))
    link.destroy()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a handshake', () => {
  test('that nobody answers is given up after five seconds', async () => {
    const { link, connection, events } = startLink()
    void link.offer()
    await vi.advanceTimersByTimeAsync(4999)
    expect(events).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect([events, connection.isClosed]).toEqual([['close'], true])
  })

  test('that leads to no connection is given up ten seconds after the answer, on both sides', async () => {
    const [caller, called] = [startLink(), startLink()]
    void caller.link.offer()
    await vi.advanceTimersByTimeAsync(3000)
    void called.link.answer('v=0\r\n')
    await caller.link.complete('v=0\r\n')
    await vi.advanceTimersByTimeAsync(9999)
    expect([caller.events, called.events]).toEqual([[], []])
    await vi.advanceTimersByTimeAsync(1)
    expect([caller.events, called.events]).toEqual([['close'], ['close']])
    expect([caller.connection.isClosed, called.connection.isClosed]).toEqual([true, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is through is not given up, and a peer that dies then is gone within five seconds of its last word', async () => {
    const { link, connection, events } = startLink()
    void link.offer()
    await vi.advanceTimersByTimeAsync(500)
    await link.complete('v=0\r\n')
    connection.channel.open()
    for (let spoken = 0; spoken < 10; spoken++) {
      await vi.advanceTimersByTimeAsync(4000)
      connection.channel.hear('p')
    }
    expect(events).toEqual(['open'])
    await vi.advanceTimersByTimeAsync(3900)
    expect(events).toEqual(['open'])
    await vi.advanceTimersByTimeAsync(1100)
    expect([events, connection.isClosed]).toEqual([['open', 'close'], true])
    // It has said itself that it is there, once a second.
    expect(connection.channel.sent.filter((text) => text === 'p').length).toBeGreaterThanOrEqual(40)
    expect(vi.getTimerCount()).toBe(0)
  })
})
