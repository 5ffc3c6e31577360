// One key, one broadcaster, one history: heads of real cores, in time that stands still, and proofs of who is on air.
import { createMemoryDatabase } from '@hypervision/hypercore-web'
import b4a from 'b4a'
import fc from 'fast-check'
import Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import CoreStorage from 'hypercore-storage'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ManualClock, manualClock } from '../../../test/swarm/manual-clock.ts'
import { CoreHeads } from '../../storage/core-heads.ts'
import type { Head } from './channel-messages.ts'
import * as messages from './channel-messages.ts'
import { HeadWatch } from './heads.ts'
import { isOnAir, OnAirWatch, signOnAir } from './on-air.ts'

const pair = keyPair(b4a.alloc(32, 1))
const key = Hypercore.key(pair.publicKey)

async function coreOf(blocks: readonly string[], options: object = { keyPair: pair }): Promise<Hypercore> {
  const core = new Hypercore(new CoreStorage(createMemoryDatabase()), null, options)
  await core.ready()
  onTestFinished(() => core.close())
  for (const block of blocks) await core.append(b4a.from(block))
  return core
}

interface Node {
  readonly core: Hypercore
  readonly heads: CoreHeads
  readonly watch: HeadWatch
  readonly events: string[]
}

async function nodeOf(clock: ManualClock, blocks: readonly string[], isWriter = false): Promise<Node> {
  const core = await coreOf(blocks)
  const heads = new CoreHeads(core)
  const events: string[] = []
  const watch = new HeadWatch({
    log: heads,
    clock,
    isWriter,
    onfork: () => void events.push('fork'),
    onlonger: (length) => void events.push(`longer ${length}`),
  })
  onTestFinished(() => watch.close())
  return { core, heads, watch, events }
}

function peerOf({ watch }: Node) {
  const told: Head[] = []
  const banished: string[] = []
  const { onhead } = watch.add({ head: (head) => void told.push(head), banish: (reason) => void banished.push(reason) })
  return { onhead, told, banished }
}

async function headOf(blocks: readonly string[]): Promise<Head> {
  const { head } = new CoreHeads(await coreOf(blocks))
  if (head === null) throw new Error('something was appended')
  return head
}

const letters = [...'abcdefghijklm']

describe('heads', () => {
  it('of one history are of no account, whichever is longer', async () => {
    const clock = manualClock()
    const node = await nodeOf(clock, letters)
    const peer = peerOf(node)
    for (let length = 1; length <= letters.length; length++) peer.onhead(await headOf(letters.slice(0, length)))
    peer.onhead(await headOf([...letters, 'n', 'o']))
    await clock.advance(10_000)
    await node.core.append(['n', 'o', 'p'].map((one) => b4a.from(one)))
    await clock.advance(10_000)
    expect([node.events, peer.banished]).toEqual([[], []])
    expect(peer.told.map(({ length }) => length)).toEqual([13, 16])
  })

  it('that do not fit are two histories: all others are shown both, then the node stops', async () => {
    const clock = manualClock()
    const node = await nodeOf(clock, letters)
    const [liar, witness] = [peerOf(node), peerOf(node)]
    const other = await headOf(['a', 'b', 'c', 'D', 'e'])
    liar.onhead(other)
    await clock.advance(100)
    expect([node.watch.hasForked, node.events]).toEqual([true, []])
    await clock.advance(1000)
    expect(node.events).toEqual(['fork'])
    expect(witness.told.map(({ length }) => length)).toEqual([13, 13, 5])
    // Whoever is shown it finds the same, from either side.
    const [here, there] = [await nodeOf(clock, letters.slice(0, 7)), await nodeOf(clock, ['a', 'b', 'c', 'D', 'e'])]
    const [ofHere, ofThere] = [peerOf(here), peerOf(there)]
    for (const head of witness.told) {
      ofHere.onhead(head)
      ofThere.onhead(head)
    }
    await clock.advance(1000)
    expect([here.events, there.events]).toEqual([['fork'], []])
    await there.core.append(letters.slice(5).map((one) => b4a.from(one)))
    await clock.advance(5000)
    expect(there.events).toEqual(['fork'])
  })

  it('that are longer are looked at once the log has grown past them', async () => {
    const clock = manualClock()
    const node = await nodeOf(clock, ['a', 'b'])
    const peer = peerOf(node)
    peer.onhead(await headOf(['a', 'B', 'c', 'd']))
    await clock.advance(5000)
    expect(node.events).toEqual([])
    await node.core.append(['c', 'd', 'e'].map((one) => b4a.from(one)))
    await clock.advance(5000)
    expect(node.events).toEqual(['fork'])
  })

  it('that nobody signed cost the peer its connection, and nothing else', async () => {
    const clock = manualClock()
    const node = await nodeOf(clock, letters)
    const head = await headOf(letters.slice(0, 5))
    const wrong: Head[] = [
      { ...head, hash: b4a.alloc(32, 7) },
      { ...head, fork: 1 },
      { ...head, length: 4 },
      { ...head, hash: b4a.alloc(32, 7), signature: b4a.alloc(0) },
      { ...(await headOf(['x'])), length: 6 },
    ]
    for (const one of wrong) {
      const peer = peerOf(node)
      peer.onhead(one)
      await clock.advance(100)
      expect(peer.banished).toEqual(['its head is not signed by the broadcaster'])
    }
    expect(node.events).toEqual([])
  })

  it('that are longer than the broadcaster’s own are told at once, if they are signed', async () => {
    const clock = manualClock()
    const node = await nodeOf(clock, letters.slice(0, 3), true)
    const [honest, liar] = [peerOf(node), peerOf(node)]
    const longer = await headOf(letters)
    liar.onhead({ ...longer, length: 14 })
    honest.onhead(longer)
    await clock.advance(100)
    expect([node.events, liar.banished.length, honest.banished.length]).toEqual([['longer 13'], 1, 0])
  })

  it('leave no timer behind, also when a fork is being told', async () => {
    const clock = manualClock()
    const node = await nodeOf(clock, letters)
    peerOf(node).onhead(await headOf(['z']))
    await clock.advance(100)
    expect(clock.timers).toBe(1)
    node.watch.close()
    await clock.advance(10_000)
    expect([clock.timers, node.events]).toEqual([0, []])
  })
})

describe('on air', () => {
  const [here, there] = [b4a.alloc(32, 3), b4a.alloc(32, 4)]

  it('is proved by the key pair of the channel, to one peer and for one age', () => {
    const proof = signOnAir(key, pair, { from: here, to: there }, 5000)
    expect(b4a.toString(proof.signature, 'hex')).toBe(
      '768028cf9ba182f890efcd7fc802b39111328f11733bac44625e10745d8487ace1e522bc44d6ec59a75ad1380a059ecb48ce191df106ffd00454d0de042a480c',
    )
    expect(isOnAir(key, proof, { from: here, to: there })).toBe(true)
    expect(isOnAir(key, proof, { from: there, to: here })).toBe(false)
    expect(isOnAir(key, proof, { from: here, to: b4a.alloc(32, 5) })).toBe(false)
    expect(isOnAir(key, { ...proof, ageMs: 5001 }, { from: here, to: there })).toBe(false)
    expect(isOnAir(key, signOnAir(key, keyPair(), { from: here, to: there }, 5000), { from: here, to: there })).toBe(
      false,
    )
  })

  /** Two broadcasters that meet at these ages: who gives way. */
  function meet(ages: readonly [number, number]): string[] {
    const given: string[] = []
    const make = (name: string, identity: Uint8Array, ageMs: number) =>
      new OnAirWatch({ key, signer: pair, identity, age: () => ageMs, onother: () => void given.push(name) })
    const [a, b] = [make('here', here, ages[0]), make('there', there, ages[1])]
    const said: messages.OnAir[] = []
    const peer = { onair: (one: messages.OnAir) => void said.push(one), banish: () => void given.push('banished') }
    const [ofA, ofB] = [a.add(peer, there), b.add(peer, here)]
    const [fromA, fromB] = said
    if (fromA === undefined || fromB === undefined) throw new Error('both say it')
    ofA.ononair(fromB)
    ofB.ononair(fromA)
    return given
  }

  it('is for who was first; of two that came at once exactly one gives way', () => {
    expect(meet([60_000, 100])).toEqual(['there'])
    expect(meet([100, 60_000])).toEqual(['here'])
    expect(meet([100, 100])).toEqual(['here'])
  })

  it('cannot be claimed without the key, nor with a proof that was meant for another', () => {
    const banished: string[] = []
    let others = 0
    const watch = new OnAirWatch({ key, signer: pair, identity: here, age: () => 1, onother: () => void others++ })
    const { ononair } = watch.add({ onair() {}, banish: (reason) => void banished.push(reason) }, there)
    ononair(signOnAir(key, keyPair(), { from: there, to: here }, 99_999))
    ononair(signOnAir(key, pair, { from: there, to: b4a.alloc(32, 9) }, 99_999))
    expect([others, banished.length]).toEqual([0, 2])
  })

  it('is nothing to a viewer', () => {
    const said: unknown[] = []
    const watch = new OnAirWatch({ key, signer: null, identity: here, age: () => 1, onother() {} })
    const { ononair } = watch.add({ onair: (one) => void said.push(one), banish: (one) => void said.push(one) }, there)
    ononair(signOnAir(key, keyPair(), { from: there, to: here }, 99_999))
    expect(said).toEqual([])
  })
})

describe('messages', () => {
  const head: Head = { fork: 0, length: 300, hash: b4a.alloc(32, 0xaa), signature: b4a.alloc(64, 0xbb) }
  const onAir: messages.OnAir = { signer: b4a.alloc(32, 0xcc), ageMs: 5000, signature: b4a.alloc(64, 0xdd) }

  function encode<Value>(encoding: messages.Encoding<Value>, value: Value): Uint8Array {
    const state = { start: 0, end: 0, buffer: null as Uint8Array | null }
    encoding.preencode(state, value)
    state.buffer = b4a.alloc(state.end)
    encoding.encode(state as never, value)
    return state.buffer
  }
  const decode = <Value>(encoding: messages.Encoding<Value>, buffer: Uint8Array): Value =>
    encoding.decode({ start: 0, end: buffer.byteLength, buffer } as never)

  it('are those of the specification', () => {
    const hex = (bytes: Uint8Array): string => b4a.toString(bytes, 'hex')
    expect(hex(encode(messages.hello, { version: 1 }))).toBe('01')
    expect(hex(encode(messages.have, 300))).toBe('fd2c01')
    expect(hex(encode(messages.get, null))).toBe('')
    expect(hex(encode(messages.record, b4a.from('abc')))).toBe('03616263')
    expect(hex(encode(messages.head, head))).toBe(`00fd2c01${'aa'.repeat(32)}40${'bb'.repeat(64)}`)
    expect(hex(encode(messages.onAir, onAir))).toBe(`${'cc'.repeat(32)}fd8813${'dd'.repeat(64)}`)
    expect(decode(messages.head, encode(messages.head, head))).toEqual({
      ...head,
      hash: Uint8Array.from(head.hash),
      signature: Uint8Array.from(head.signature),
    })
    expect(decode(messages.onAir, encode(messages.onAir, onAir))).toEqual(onAir)
  })

  it('are read or thrown out, whatever the bytes, and claim no memory', () => {
    const encodings = [messages.hello, messages.have, messages.get, messages.record, messages.head, messages.onAir]
    fc.assert(
      fc.property(fc.nat(encodings.length - 1), fc.uint8Array({ maxLength: 200 }), (which, bytes) => {
        try {
          decode(encodings[which] as messages.Encoding<unknown>, bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
      { numRuns: 2000 },
    )
    expect(() => decode(messages.record, b4a.from('feffffff7f00', 'hex'))).toThrow('longer')
    expect(() => decode(messages.record, b4a.from('0561', 'hex'))).toThrow('cut short')
    expect(() => decode(messages.hello, b4a.from('00', 'hex'))).toThrow('version')
  })
})
