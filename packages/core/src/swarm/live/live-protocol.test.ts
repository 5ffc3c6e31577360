// docs/live-protocol.md is what others write nodes by: numbers, bounds and bytes have to be the code's.
import { readFileSync } from 'node:fs'
import { createMemoryDatabase } from '@hypervision/hypercore-web'
import b4a from 'b4a'
import c from 'compact-encoding'
import Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import CoreStorage from 'hypercore-storage'
import Protomux from 'protomux'
import { expect, it, onTestFinished } from 'vitest'
import { line } from '../../../test/swarm/introduction-nodes.ts'
import { appendWithProof } from '../../storage/block-proof.ts'
import { PeerConnection } from '../peer-connection.ts'
import { openLiveChannel } from './live-channel.ts'
import * as messages from './live-messages.ts'
import { defaultLiveSettings, hopMs, maxDepth } from './live-options.ts'
import type { LivePeer, LivePeerEvents } from './live-peer.ts'
import { homeOf } from './neighbour.ts'
import { stripeTopic } from './stripe-topic.ts'

const text = readFileSync(new URL('../../../../../docs/live-protocol.md', import.meta.url), 'utf8')
const hex = (bytes: Uint8Array): string => b4a.toString(bytes, 'hex')
const discoveryKey = 'fb892b1c77fdcb05dcbd234607208b7036e00a13e7f2cc0bbaa463924e57865a'

/** The rows of the table with these headings, as texts without backticks. */
function rowsUnder(...headings: string[]): string[][] {
  const rows = text.split('\n').map((row) =>
    row.startsWith('|')
      ? row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.replaceAll('`', '').trim())
      : [],
  )
  const start = rows.findIndex((row) => row.join('|') === headings.join('|')) + 2
  return rows.slice(start, start + rows.slice(start).findIndex((row) => row.length === 0))
}

const have = { first: 900, next: 1000, bits: [5, 0] } as const
const stripe = 2
const retryMs = 900
const block = { index: 0, peaks: [], signature: b4a.alloc(2, 7), value: b4a.from('hi') }
const advert = {
  role: 'node',
  stripes: [
    { position: { path: ['0001020304050607', '08090a0b0c0d0e0f'], costMs: 75 }, free: 3 },
    { position: null, free: 0 },
  ],
  places: 6,
} as const
const heartbeat = { sentMs: 60_000, echoMs: 70_000, heldMs: 12, have }

/** Each message as a node says it, and the bytes of its fields. */
const said: Record<string, [say: (peer: LivePeer) => void, bytes: string]> = {
  manifest: [(peer) => peer.manifest(b4a.alloc(3, 9)), '03090909'],
  advert: [(peer) => peer.advert(advert), '010202000102030405060708090a0b0c0d0e0f4b03000006'],
  subscribe: [(peer) => peer.subscribe({ stripe, have }), '02fd8403fde8030500000000000000'],
  unsubscribe: [(peer) => peer.unsubscribe(stripe), '02'],
  accept: [(peer) => peer.accept(stripe), '02'],
  deny: [(peer) => peer.deny({ stripe, retryMs }), '02fd8403'],
  drop: [(peer) => peer.drop(stripe), '02'],
  heartbeat: [(peer) => peer.heartbeat(heartbeat), 'fd60eafe701101000cfd8403fde8030500000000000000'],
  block: [(peer) => peer.block(block), '0000020707026869'],
  pull: [(peer) => peer.pull([1000, 1004]), '02fde803fdec03'],
  leave: [(peer) => peer.leave(), ''],
}

/** A live channel on one end of a line, and on the other whatever the test puts there. */
async function connect(onopen: (peer: LivePeer) => LivePeerEvents | undefined) {
  const [near, far] = line(keyPair(), keyPair())
  let hasClosed = false
  const connection = new PeerConnection(
    { stream: near as never, initiator: true, security: 'noise', remoteAddress: null },
    {
      transport: 'test',
      keyPair: keyPair(),
      now: Date.now,
      onopen: (opened) => {
        openLiveChannel(opened, {
          id: b4a.from(discoveryKey, 'hex'),
          hello: { version: messages.liveVersion, stripes: 4 },
          onopen: (peer) => onopen(peer) ?? only({}),
        })
      },
      onclose: () => {
        hasClosed = true
      },
      onbanish() {},
    },
  )
  onTestFinished(() => {
    connection.destroy()
    far.destroy()
  })
  await far.opened
  return { far, closed: () => hasClosed }
}

/** Takes every message, and does something about some. */
function only(events: Partial<LivePeerEvents>): LivePeerEvents {
  return new Proxy(events as LivePeerEvents, { get: (target, name) => Reflect.get(target, name) ?? (() => true) })
}

/** The other side, byte by byte. */
function speak(far: Awaited<ReturnType<typeof connect>>['far'], hello: string) {
  const heard: [number: number, bytes: string][] = []
  let handshake: string | null = null
  let isClosed = false
  const raw = { preencode: c.raw.preencode, encode: c.raw.encode, decode: c.raw.decode } as never
  const channel = Protomux.from(far).createChannel<Uint8Array>({
    protocol: 'hypervision/live',
    id: b4a.from(discoveryKey, 'hex'),
    handshake: raw,
    onopen: (bytes) => {
      handshake = hex(bytes)
    },
    onclose: () => {
      isClosed = true
    },
  })
  const numbers = Array.from({ length: 12 }, (_, number) =>
    channel?.addMessage<Uint8Array>({ encoding: raw, onmessage: (bytes) => heard.push([number, hex(bytes)]) }),
  )
  channel?.open(b4a.from(hello, 'hex'))
  return {
    heard,
    handshake: () => handshake,
    isClosed: () => isClosed,
    send: (number: number, bytes: string) => numbers[number]?.send(b4a.from(bytes, 'hex')),
  }
}

it('has the numbers of the messages, and the bytes of their fields', async () => {
  const { far } = await connect((peer) => {
    for (const [say] of Object.values(said)) say(peer)
    return undefined
  })
  const other = speak(far, '0104')
  await expect.poll(() => other.heard.length).toBe(11)
  const rows = rowsUnder('number', 'name', 'fields', '')
  expect(rows.map(([number]) => Number(number))).toEqual(rows.map((_, at) => at))
  expect(other.heard).toEqual(rows.map(([number, name = '']) => [Number(number), said[name]?.[1]]))
  expect(other.handshake()).toBe('0104')
})

it('has examples that are the code’s bytes', () => {
  const rows = rowsUnder('message', 'bytes')
  expect(rows).toHaveLength(7)
  const names = ['handshake', 'advert', 'subscribe', 'unsubscribe', 'deny', 'heartbeat', 'pull']
  for (const [at, name] of names.entries()) {
    expect(rows[at]?.[0]).toContain(name)
    expect(rows[at]?.[1]).toBe(name === 'handshake' ? '0104' : said[name]?.[1])
  }
})

it('has the bounds of the fields', () => {
  const most = (row: string[] | undefined): number[] =>
    [...(row ?? []).join(' ').matchAll(/up to (\d[\d ]*)/g)].map(([, number = '']) =>
      Number(number.replaceAll(' ', '')),
    )
  const rows = Object.fromEntries(rowsUnder('number', 'name', 'fields', '').map((row) => [row[1], row]))
  const source = readFileSync(new URL('./live-messages.ts', import.meta.url), 'utf8')
  const constant = (name: string): unknown => {
    const [, expression = ''] = new RegExp(`const ${name} = (.+)`).exec(source) ?? []
    return new Function(`return ${expression}`)()
  }
  expect(most(rows.manifest)).toEqual([constant('maxManifestBytes')])
  expect(most(rows.advert)).toEqual([constant('maxStripes'), constant('maxFree'), constant('maxPlaces')])
  expect(most(rows.block)).toEqual([constant('maxPeaks'), constant('maxSignatureBytes'), constant('maxBlockBytes')])
  expect(most(rows.pull)).toEqual([messages.maxPulled])
  const encodings = Object.fromEntries(rowsUnder('name', 'bytes').map((row) => [row[0], row]))
  expect(most(encodings.position)).toEqual([maxDepth])
  expect(most(encodings.stripe)).toEqual([Number(constant('maxStripes')) - 1])
})

it('has the times that nodes of the default settings keep to', () => {
  const { timers, sourceCopies, maxUploads } = defaultLiveSettings
  for (const words of [
    `every ${timers.heartbeatMs} ms, to other neighbours every ${timers.idleHeartbeatMs} ms`,
    `silent for ${timers.deadMs} and ${timers.idleDeadMs} ms`,
    `not come for ${timers.pullMs} ms`,
    `${timers.retryMs} ms later from another; from the source after ${timers.sourcePullMs} ms`,
    `half a round trip, and ${hopMs} ms`,
  ])
    expect(text.replaceAll(/\s+/g, ' ')).toContain(words)
  // "two by default", "up to four", "for a second at the most"
  expect([sourceCopies, maxUploads, timers.leaveMs]).toEqual([2, 4, 1000])
})

it('has a block with its proof, byte for byte', async () => {
  const core = new Hypercore(new CoreStorage(createMemoryDatabase()), null, { keyPair: keyPair(b4a.alloc(32, 1)) })
  await core.ready()
  onTestFinished(() => core.close())
  expect(hex(core.discoveryKey)).toBe(discoveryKey)
  const blocks = []
  for (const value of ['61', '62', '63']) blocks.push(await appendWithProof(core, b4a.from(value, 'hex')))
  const [, lines = ''] = /```text\n([^`]*)```/.exec(text) ?? []
  const documented = lines.split('\n').map((row) => /^(?:[0-9a-f]{2})+(?: (?:[0-9a-f]{2})+)*/.exec(row)?.[0] ?? '')
  expect(documented.join('').replaceAll(' ', '')).toBe(hex(c.encode(messages.block as never, blocks[2])))
})

it('has the topics of stripes, and says where a node is at home', () => {
  const rows = rowsUnder('stripe', 'topic')
  expect(rows).toHaveLength(2)
  for (const [number, topic] of rows)
    expect(hex(stripeTopic(b4a.from(discoveryKey, 'hex'), Number(number), 4))).toBe(topic)
  expect(homeOf('000000070000ffff', 4)).toBe(0x07 % 4)
  expect(homeOf('fffffffe00000000', 4)).toBe(0xfffffffe % 4)
})

it.each([
  ['another version', '0204'],
  ['another number of stripes', '0108'],
])('a peer with %s keeps its connection, without the channel', async (_, hello) => {
  const { far, closed } = await connect(() => {
    throw new Error('it was taken')
  })
  const other = speak(far, hello)
  await expect.poll(() => other.isClosed()).toBe(true)
  expect(closed()).toBe(false)
})

it.each([
  ['a handshake that is cut short', '01', null],
  ['more stripes than there may be', '0111', null],
  ['a pull of too many blocks', '0104', [9, `11${'00'.repeat(17)}`]],
  ['an advert of a role that does not exist', '0104', [1, '0300']],
  ['a block that is cut short', '0104', [8, '0000ff']],
  ['a path that is too long', '0104', [1, `010111${'00'.repeat(17 * 8)}0000`]],
  ['a signature that is too long', '0104', [8, `0000fd0140${'00'.repeat(0x4001)}00`]],
] as const)('%s costs the connection', async (_, hello, message) => {
  let isOpen = false
  const { far, closed } = await connect(() => {
    isOpen = true
    return undefined
  })
  const other = speak(far, hello)
  if (message !== null) {
    await expect.poll(() => isOpen).toBe(true)
    const [number, bytes] = message
    other.send(number, bytes)
  }
  await expect.poll(closed).toBe(true)
})

it('messages of later versions, and what they add to those of this one, are passed over', async () => {
  const pulled: (readonly number[])[] = []
  const { far, closed } = await connect(() => only({ onpull: (indices) => void pulled.push(indices) }))
  const other = speak(far, '010401')
  await expect.poll(() => other.handshake()).not.toBeNull()
  other.send(11, 'ffff')
  other.send(9, '0107ffff')
  await expect.poll(() => pulled).toEqual([[7]])
  expect(closed()).toBe(false)
})
