// Metadata on their way from node to node, in time that stands still, past peers that lie about them.
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import { expect, it } from 'vitest'
import { friday, silent } from '../../../test/metadata-samples.ts'
import { type ManualClock, manualClock } from '../../../test/swarm/manual-clock.ts'
import { signRecord } from '../../metadata/metadata-record.ts'
import { MetadataStore } from '../../metadata/metadata-store.ts'
import { type MetadataEvents, MetadataExchange, type MetadataPeer } from './metadata-exchange.ts'

const pair = keyPair()
const key = Hypercore.key(pair.publicKey)

interface Node {
  readonly store: MetadataStore
  readonly exchange: MetadataExchange
}

function startNode(clock: ManualClock, isOpen = true): Node {
  const store = new MetadataStore(
    { key, now: () => 1, save: async () => {}, onchange: () => exchange.tell(), onmetadata() {}, onwarning() {} },
    null,
  )
  const exchange = new MetadataExchange(store, clock, isOpen)
  return { store, exchange }
}

/** Connects two nodes; gives what was said on the line, and how to break it. */
function connect(a: Node, b: Node): { readonly said: string[]; close(): void } {
  const said: string[] = []
  let fromA: MetadataEvents | null = null
  let fromB: MetadataEvents | null = null
  const side = (name: string, other: () => MetadataEvents | null): MetadataPeer => {
    const say = (what: string, go: (events: MetadataEvents) => void): void => {
      said.push(`${name} ${what}`)
      queueMicrotask(() => {
        const events = other()
        if (events !== null) go(events)
      })
    }
    return {
      have: (revision) => say(`has ${revision}`, (events) => events.onhave(revision)),
      get: () => say('asks', (events) => events.onget()),
      record: (bytes) => say('gives', (events) => events.onrecord(bytes)),
      banish: (reason) => said.push(`${name} banishes: ${reason}`),
    }
  }
  fromB = a.exchange.add(side('a', () => fromA))
  fromA = b.exchange.add(side('b', () => fromB))
  return {
    said,
    close() {
      for (const events of [fromA, fromB]) events?.onclose()
    },
  }
}

/** A peer that says whatever the test has it say. */
function stranger(node: Node): MetadataEvents & { readonly heard: string[] } {
  const heard: string[] = []
  const events = node.exchange.add({
    have: (revision) => void heard.push(`has ${revision}`),
    get: () => void heard.push('asks'),
    record: () => void heard.push('gives'),
    banish: (reason) => void heard.push(`banishes: ${reason}`),
  })
  return { ...events, heard }
}

function recordOf(revision: number, payload = b4a.from('686d01', 'hex')): Uint8Array {
  return signRecord({ revision, isSealed: false, payload }, pair)
}

it('goes from node to node, over each line once, and stays there when the broadcaster is gone', async () => {
  const clock = manualClock()
  const [broadcaster, relay, viewer] = [startNode(clock), startNode(clock), startNode(clock)]
  const first = connect(broadcaster, relay)
  await broadcaster.store.publish(friday, pair)
  await clock.advance(1000)
  first.close()
  const second = connect(relay, viewer)
  await clock.advance(1000)
  expect(viewer.store.metadata).toEqual(friday)
  expect(first.said).toEqual(['a has 1', 'b asks', 'a gives', 'b has 1'])
  expect(second.said).toEqual(['a has 1', 'b asks', 'a gives', 'b has 1'])
})

it('takes the place of what was said before, and never the other way round', async () => {
  const clock = manualClock()
  const [broadcaster, viewer] = [startNode(clock), startNode(clock)]
  connect(broadcaster, viewer)
  await broadcaster.store.publish(friday, pair)
  const old = broadcaster.store.record
  await broadcaster.store.publish({ ...silent, title: 'Saturday' }, pair)
  await clock.advance(2000)
  expect(viewer.store.metadata?.title).toBe('Saturday')
  if (old === null) throw new Error('it was published')
  const liar = stranger(viewer)
  liar.onhave(1)
  liar.onrecord(old)
  expect(viewer.store.take(old)).toBe(1)
  await clock.advance(2000)
  expect(viewer.store.metadata?.title).toBe('Saturday')
  expect(liar.heard).toEqual(['has 2'])
})

it('is told twice a second at the most, however often the application says something', async () => {
  const clock = manualClock()
  const [broadcaster, viewer] = [startNode(clock), startNode(clock)]
  const { said } = connect(broadcaster, viewer)
  for (let at = 0; at < 200; at++) {
    await broadcaster.store.publish({ ...silent, title: `Take ${at}` }, pair)
    await clock.advance(10)
  }
  await clock.advance(1000)
  expect(viewer.store.metadata?.title).toBe('Take 199')
  expect(said.filter((what) => what.startsWith('a has')).length).toBeLessThanOrEqual(6)
})

it('banishes who gives what the broadcaster did not sign, or less than it said to have', async () => {
  const clock = manualClock()
  const viewer = startNode(clock)
  const forger = stranger(viewer)
  forger.onhave(5)
  const forged = recordOf(5)
  forged[forged.byteLength - 1] = 9
  forger.onrecord(forged)
  expect(forger.heard.at(-1)).toBe('banishes: its metadata are not signed by the broadcaster')
  forger.onclose()
  const liar = stranger(viewer)
  liar.onhave(9)
  liar.onrecord(recordOf(5))
  expect(liar.heard.at(-1)).toBe('banishes: its metadata are older than it says')
})

it('looks at nothing that was not asked for', () => {
  const viewer = startNode(manualClock())
  const pusher = stranger(viewer)
  pusher.onrecord(recordOf(5))
  expect([viewer.store.revision, pusher.heard]).toEqual([0, []])
})

it('is held up by nobody who says to have the newest and gives nothing', async () => {
  const clock = manualClock()
  const [broadcaster, viewer] = [startNode(clock), startNode(clock)]
  const liars = [stranger(viewer), stranger(viewer)]
  for (const liar of liars) liar.onhave(Number.MAX_SAFE_INTEGER)
  await broadcaster.store.publish(friday, pair)
  connect(broadcaster, viewer)
  await clock.advance(5100)
  expect(viewer.store.metadata).toEqual(friday)
  expect(liars.map(({ heard }) => heard)).toEqual([
    ['asks', 'has 1'],
    ['asks', 'has 1'],
  ])
})

it('is given to each peer once, however often it asks', async () => {
  const broadcaster = startNode(manualClock())
  await broadcaster.store.publish(friday, pair)
  const greedy = stranger(broadcaster)
  for (let at = 0; at < 50; at++) greedy.onget()
  expect(greedy.heard).toEqual(['has 1', 'gives'])
})

it('is neither offered nor given by who uploads nothing, until it does', async () => {
  const clock = manualClock()
  const leaf = startNode(clock, false)
  await leaf.store.publish(friday, pair)
  const peer = stranger(leaf)
  peer.onget()
  expect(peer.heard).toEqual([])
  leaf.exchange.isOpen = true
  await clock.advance(1000)
  peer.onget()
  expect(peer.heard).toEqual(['has 1', 'gives'])
})

it('leaves no timer behind', async () => {
  const clock = manualClock()
  const viewer = startNode(clock)
  stranger(viewer).onhave(7)
  await viewer.store.publish(friday, pair)
  await viewer.store.publish(silent, pair)
  expect(clock.timers).toBeGreaterThan(0)
  viewer.exchange.close()
  expect(clock.timers).toBe(0)
})

it('is asked for from two peers at a time, and from a third once one has not answered in five seconds', async () => {
  const clock = manualClock()
  const viewer = startNode(clock)
  const peers = Array.from({ length: 3 }, () => stranger(viewer))
  for (const peer of peers) peer.onhave(7)
  const asked = (): number => peers.filter(({ heard }) => heard.includes('asks')).length
  expect(asked()).toBe(2)
  await clock.advance(4999)
  expect(asked()).toBe(2)
  await clock.advance(1)
  expect(asked()).toBe(3)
})
