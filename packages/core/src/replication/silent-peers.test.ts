// Peers that say what they have, and keep it: hypercore would wait for them for as long as they are connected.
import b4a from 'b4a'
import Hypercore, { type HypercorePeer, type HypercoreRequest } from 'hypercore'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { VirtualClock } from '../../test/live/virtual-clock.ts'
import { SilentPeers } from './silent-peers.ts'

/** What a peer makes of a request; `answer` does what hypercore does. */
type Answering = (request: HypercoreRequest, answer: () => void, peer: HypercorePeer) => void

const silent: Answering = () => {}
const keepingProofs: Answering = (request, answer) => {
  if (request.upgrade == null) answer()
}
/** For a reason that hypercore does not know, and does not count. */
const refusing: Answering = ({ id }, _answer, peer) => peer.wireNoData.send({ request: id, reason: 7 })

/** A writer, a reader who watches its peers, and copies of the writer that answer as they like. */
class Channel {
  readonly onsilent = vi.fn()
  readonly writer: Hypercore
  readonly reader: Awaited<ReturnType<typeof openLog>>
  readonly silentPeers: SilentPeers
  readonly #clock = new VirtualClock()
  readonly #links: SteppedLink[] = []

  private constructor(writer: Hypercore, reader: Awaited<ReturnType<typeof openLog>>) {
    this.writer = writer
    this.reader = reader
    this.silentPeers = new SilentPeers(reader.core, this.#clock, this.onsilent)
    onTestFinished(() => {
      this.silentPeers.close()
      for (const link of this.#links) link.destroy()
    })
  }

  /** @param stored length that the reader knows; of what is in it, it has the first and the last block */
  static async open({ stored }: { stored: number }): Promise<Channel> {
    const writer = await opened()
    await append(writer.core, stored)
    const reader = await opened(writer.core.key)
    if (stored > 0) await copy(reader.core, writer.core, [0, stored - 1])
    await append(writer.core, 40 - stored)
    return new Channel(writer.core, reader)
  }

  /** Connects the reader with the writer. */
  meetWriter(): Promise<HypercorePeer> {
    return this.#meet(this.writer)
  }

  /** Connects the reader with somebody who has what the writer has now. */
  async meet(answering: Answering): Promise<HypercorePeer> {
    const { core } = await opened(this.writer.key)
    const numbers = Array.from({ length: this.writer.length }, (_, number) => number)
    await copy(core, this.writer, numbers)
    core.on('peer-add', (peer) => {
      const { onrequest } = peer
      peer.onrequest = async (request) => answering(request, () => void onrequest.call(peer, request), peer)
    })
    return this.#meet(core)
  }

  /** Lets messages pass. */
  async exchange(trips = 3): Promise<void> {
    for (let trip = 0; trip < trips; trip++) for (const link of this.#links) await link.exchange()
  }

  /** Lets time pass, and messages. */
  async pass(seconds: number): Promise<void> {
    for (const end = this.#clock.now() + seconds * 1000; this.#clock.now() < end; ) {
      await this.#clock.runUntil(Math.min(end, this.#clock.now() + 5000))
      await this.exchange()
    }
  }

  async #meet(other: Hypercore): Promise<HypercorePeer> {
    const { core } = this.reader
    const met = new Promise<HypercorePeer>((resolve) => core.once('peer-add', resolve))
    this.#links.push(new SteppedLink(core, other))
    await this.exchange()
    return met
  }
}

async function opened(key?: Uint8Array) {
  const log = await openLog(key)
  onTestFinished(log.close)
  return log
}

async function append(core: Hypercore, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await core.append(b4a.from([number]))
}

/** Fetches blocks over a link of its own. */
async function copy(to: Hypercore, from: Hypercore, numbers: readonly number[]): Promise<void> {
  const link = new SteppedLink(to, from)
  let isDone = false
  const done = Promise.all(numbers.map((number) => to.get(number))).finally(() => {
    isDone = true
  })
  while (!isDone) await link.exchange()
  await done
  link.destroy()
  while (to.peers.length > 0) await new Promise((resolve) => setImmediate(resolve))
}

it.each([
  ['a newcomer', 0, silent],
  ['who has an older part stored', 20, silent],
  ['who has an older part stored, and gets all else of it', 20, keepingProofs],
] as const)('gets a length of another peer where one keeps its proof: %s', async (_who, stored, answering) => {
  const channel = await Channel.open({ stored })
  const { core, log } = channel.reader
  log.fetchFrom(0)
  const liar = await channel.meet(answering)
  await channel.meetWriter()
  await channel.pass(10)
  expect(core.length).toBe(stored)
  await channel.pass(5)
  expect([core.length, core.contiguousLength]).toEqual([40, 40])
  expect(channel.onsilent).toHaveBeenCalledTimes(1)

  // It says to have what comes later, too, and is asked for nothing any more.
  const requests = liar.stats.wireRequest.tx
  await append(channel.writer, 5)
  await channel.exchange()
  expect(core.length).toBe(45)
  expect(liar.stats.wireRequest.tx).toBe(requests)
})

it('gets a block of another peer that nothing else is asked of', async () => {
  const channel = await Channel.open({ stored: 40 })
  const { core } = channel.reader
  await channel.meetWriter()
  const liar = await channel.meet(silent)
  let number = 0
  while (liar.inflight === 0) {
    core.get(++number).catch(() => {})
    await channel.exchange()
  }
  await channel.pass(15)
  expect(await core.has(number)).toBe(true)
})

it('gets a block of another peer where as many keep it as are asked at once', async () => {
  const channel = await Channel.open({ stored: 40 })
  const { core } = channel.reader
  core.get(7).catch(() => {})
  const liars = [await channel.meet(silent), await channel.meet(silent), await channel.meet(silent)]
  await channel.meetWriter()
  await channel.pass(10)
  expect([liars.map(({ inflight }) => inflight), await core.has(7)]).toEqual([[1, 1, 1], false])
  await channel.pass(5)
  expect(await core.has(7)).toBe(true)
})

it('finds the way to a byte by another peer', async () => {
  const channel = await Channel.open({ stored: 40 })
  const onfound = vi.fn()
  channel.reader.core.seek(17).then(onfound, () => {})
  await channel.meet(silent)
  await channel.meetWriter()
  await channel.pass(10)
  expect(onfound).not.toHaveBeenCalled()
  await channel.pass(5)
  expect(onfound).toHaveBeenCalledWith([17, 0])
})

it('waits for whoever gives one after the other', async () => {
  const channel = await Channel.open({ stored: 40 })
  const { core } = channel.reader
  const waiting: (() => void)[] = []
  const slow = await channel.meet((_request, answer) => waiting.push(answer))
  const liar = await channel.meet(silent)
  let missing = 0
  for (let number = 5; number < 11; number++) {
    missing++
    core.get(number).then(
      () => missing--,
      () => {},
    )
  }
  await channel.exchange()
  while (missing > 0) {
    waiting.shift()?.()
    await channel.pass(5)
  }
  expect([liar, slow].map((peer) => channel.silentPeers.isSilent(peer))).toEqual([true, false])
})

it('counts what was given up, too', async () => {
  const channel = await Channel.open({ stored: 40 })
  const { core } = channel.reader
  const liar = await channel.meet(silent)
  for (let round = 1; round <= 4; round++) {
    expect(channel.silentPeers.isSilent(liar)).toBe(false)
    const activeRequests: unknown[] = []
    core.get(7, { activeRequests }).catch(() => {})
    await channel.exchange()
    await channel.pass(4)
    Hypercore.clearRequests(activeRequests, new Error('It took too long.'))
    await channel.exchange()
  }
  expect(channel.silentPeers.isSilent(liar)).toBe(true)
})

it('takes nothing back from whoever is the only one to have it', async () => {
  const channel = await Channel.open({ stored: 40 })
  const waiting: (() => void)[] = []
  const slow = await channel.meet((_request, answer) => waiting.push(answer))
  const got = channel.reader.core.get(7)
  got.catch(() => {})
  await channel.exchange()
  // After ten seconds, then twenty, then forty, each time looked at a second later at the latest.
  await channel.pass(70)
  expect(channel.onsilent).toHaveBeenCalledTimes(2)
  await channel.pass(5)
  expect(channel.onsilent).toHaveBeenCalledTimes(3)
  waiting.shift()?.()
  await channel.exchange()
  expect([await got, slow.stats.wireRequest.tx]).toEqual([b4a.from([7]), 1])
})

it('asks whoever was silent again where the others have no more than words', async () => {
  const channel = await Channel.open({ stored: 40 })
  const { core } = channel.reader
  let isBack = false
  const slow = await channel.meet((_request, answer) => {
    if (isBack) answer()
  })
  core.get(7).catch(() => {})
  await channel.exchange()
  await channel.meet(refusing)
  await channel.pass(15)
  expect(channel.silentPeers.isSilent(slow)).toBe(true)
  isBack = true
  await channel.pass(5)
  expect(await core.has(7)).toBe(false)
  while (!(await core.has(7))) await channel.pass(5)
  expect(core.peers).toHaveLength(2)
})
