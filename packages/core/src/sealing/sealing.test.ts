// Sealed blocks by themselves, and a private feed as its two ends use it.
import b4a from 'b4a'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cluster, simpleBlock, stream, videoTrack } from '../../test/webm/webm-builder.ts'
import { HypervisionError } from '../contracts/index.ts'
import { encodeSealedIndex } from '../feed/block-index.ts'
import { readFeedBlock, writeClusterBlock, writeEndBlock } from '../feed/feed-block.ts'
import { FeedReader } from '../feed/feed-reader.ts'
import { FeedWriter } from '../feed/feed-writer.ts'
import { WebmCutter, writeVoid } from '../webm/index.ts'
import { ChannelSecrets } from './channel-secrets.ts'
import { Keyring } from './keyring.ts'
import { OpenedLog } from './opened-log.ts'
import { readFromOutside } from './outside.ts'
import { maxEarlierSecrets, openBlock, readSealedHead, sealBlock } from './sealed-block.ts'
import { SealingLog } from './sealing-log.ts'
import { secretKeys } from './secret-keys.ts'

const never = new AbortController().signal
const channelKey = b4a.alloc(32, 7)
const keys = secretKeys(b4a.alloc(32, 1), channelKey)
const clusterBlock = writeClusterBlock(cluster(100, simpleBlock({ key: true, payload: [1, 2, 3] })), {
  init: false,
  key: true,
  end: false,
  initDistance: 3,
  keyDistance: 0,
})

/** A log of blocks in an array, as both of its ends have it. */
class ArrayLog {
  readonly blocks: Uint8Array[] = []
  get length(): number {
    return this.blocks.length
  }
  get remoteLength(): number {
    return this.blocks.length
  }
  newestAvailable = (): number => this.blocks.length - 1
  availableFrom = (start: number): number => (start < this.blocks.length ? start : -1)
  isDeleted = (): boolean => false
  peersWith = (): number => 1
  get = async (number: number): Promise<Uint8Array> => this.read(number)
  read = async (number: number): Promise<Uint8Array> => {
    const block = this.blocks[number]
    if (block === undefined) throw new Error(`there is no block ${number}`)
    return block
  }
  append = async (block: Uint8Array): Promise<void> => {
    this.blocks.push(block)
  }
  distrust(): void {}
  fetchFrom(): void {}
  onchange = () => () => {}
}

/** What a broadcaster's storage keeps. */
function record(generation: number | null = null) {
  return {
    seed: b4a.alloc(32, 9),
    stored: generation,
    async read() {
      return this.stored
    },
    async write(value: number) {
      this.stored = value
    },
  }
}

function pieces(writer: FeedWriter, seconds = 2) {
  const clusters = Array.from({ length: seconds * 10 }, (_, frame) =>
    cluster(frame * 100, simpleBlock({ key: frame % 10 === 0, payload: [frame, 200, 201, 202] })),
  )
  const cutter = new WebmCutter({
    startEpoch: (epoch) => writer.startEpoch({ ...epoch, zeroAtMs: Date.UTC(2026, 0, 1) }),
  })
  return [...cutter.push(stream([videoTrack(1)], ...clusters)), ...cutter.end()]
}

async function privateFeed() {
  const log = new ArrayLog()
  const kept = record()
  const open = async () => {
    const options = { record: kept, channelKey, isPrivate: true, isEmpty: log.length === 0, storageName: 'The storage' }
    const secrets = await ChannelSecrets.open(options)
    if (secrets === null) throw new Error('the channel is not private')
    const writer = await FeedWriter.open(new SealingLog(log, secrets), {})
    return { secrets, writer }
  }
  return { log, kept, open, ...(await open()) }
}

const readerOf = (log: ArrayLog, secret: Uint8Array): FeedReader =>
  new FeedReader(new OpenedLog(log, new Keyring(channelKey, secret)))

async function kindsFrom(reader: FeedReader, position: 'start' | 'live', count: number): Promise<string[]> {
  await reader.seek(position, never)
  const kinds: string[] = []
  while (kinds.length < count) kinds.push((await reader.next(never)).kind)
  return kinds
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof HypervisionError ? error.code : String(error)
}

it('gives back what was sealed, at its place and nowhere else', () => {
  const place = { channelKey, number: 5 }
  const sealed = sealBlock(clusterBlock, place, keys, [])
  const head = readSealedHead(sealed, 5)
  if (head === null) throw new Error('it is not sealed')
  expect(head.index).toEqual({ init: false, key: true, end: false, initDistance: 3, keyDistance: 0 })
  expect(b4a.equals(openBlock(sealed, head, place, keys).block, clusterBlock)).toBe(true)
  for (const elsewhere of [
    { channelKey, number: 6 },
    { channelKey: b4a.alloc(32, 8), number: 5 },
  ]) {
    expect(() => openBlock(sealed, head, elsewhere, keys)).toThrow(HypervisionError)
  }
})

it('seals the same block differently each time, and shows none of it', () => {
  const seal = () => sealBlock(clusterBlock, { channelKey, number: 5 }, keys, [])
  const [first, second] = [seal(), seal()]
  expect(b4a.equals(first, second)).toBe(false)
  expect(first.byteLength).toBe(second.byteLength)
  const hex = b4a.toString(first, 'hex')
  expect(hex).not.toContain(b4a.toString(clusterBlock.subarray(-8), 'hex'))
})

it('never gives out what was changed on the way, whatever was changed', () => {
  const place = { channelKey, number: 5 }
  const sealed = sealBlock(clusterBlock, place, keys, [])
  const open = (bytes: Uint8Array): string => {
    try {
      const head = readSealedHead(bytes, 5)
      if (head === null) return 'not sealed'
      if (!b4a.equals(head.secretId, keys.id)) return 'another secret'
      return b4a.toString(openBlock(bytes, head, place, keys).block, 'hex')
    } catch (error) {
      return error instanceof HypervisionError ? error.code : `threw ${String(error)}`
    }
  }
  const refused = ['ERR_FEED_FORMAT', 'ERR_FEED_VERSION', 'another secret', 'not sealed']
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = b4a.from(sealed)
      bytes[at] = (bytes[at] ?? 0) ^ change
      expect(refused).toContain(open(bytes))
      if (at > 0) expect(refused).toContain(open(sealed.subarray(0, at)))
    }),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(refused).toContain(open(bytes))
      expect(refused).toContain(open(b4a.concat([sealed.subarray(0, 30), bytes])))
    }),
  )
})

it('is refused in words by a reader without the secret, and by one that knows version 1 only', () => {
  const sealed = sealBlock(clusterBlock, { channelKey, number: 5 }, keys, [])
  expect(() => readFeedBlock(sealed, 5)).toThrow(expect.objectContaining({ code: 'ERR_SECRET_MISSING' }))
  // Where such a reader looks for the version stands a 2.
  expect(sealed[0]).toBe(0xec)
  expect(b4a.toString(sealed.subarray(2, 5), 'hex')).toBe('687602')
})

it('holds block for block what a public feed of the same input holds', async () => {
  const { log, secrets, writer } = await privateFeed()
  const plain = new ArrayLog()
  const plainWriter = await FeedWriter.open(plain, {})
  for (const piece of pieces(writer)) await writer.append(piece)
  for (const piece of pieces(plainWriter)) await plainWriter.append(piece)
  await writer.end()
  await plainWriter.end()
  const opened = new OpenedLog(log, new Keyring(channelKey, secrets.current.secret))
  expect(log.length).toBe(plain.length)
  for (const [number, block] of plain.blocks.entries()) {
    expect(b4a.equals(await opened.get(number, never), block)).toBe(true)
    const outside = readFromOutside(log.blocks[number] ?? b4a.alloc(0), number)
    const { kind, index } = readFeedBlock(block, number)
    expect({ kind: outside.kind, index: outside.index }).toEqual({ kind, index })
  }
})

it('shows a relay without the secret where playing begins', async () => {
  const { log, writer } = await privateFeed()
  for (const piece of pieces(writer)) await writer.append(piece)
  const reader = new FeedReader(log as never, readFromOutside)
  await reader.seek('live', never)
  expect(reader.position).toBe(11)
  expect((await reader.next(never)).kind).toBe('init')
})

it('tells a wrong secret from one that was changed', async () => {
  const { log, secrets, writer } = await privateFeed()
  const made = pieces(writer)
  for (const piece of made.slice(0, 8)) await writer.append(piece)
  const old = secrets.current.secret
  const watching = readerOf(log, old)
  expect(await kindsFrom(watching, 'start', 8)).toHaveLength(8)

  const renewed = writer.renew(await secrets.change())
  for (const piece of made.slice(8)) await writer.append(piece)
  await renewed
  await writer.end()
  expect((await watching.next(never)).kind).toBe('cluster')
  expect((await watching.next(never)).kind).toBe('cluster')
  expect((await watching.next(never)).kind).toBe('cluster')
  expect(await codeOf(watching.next(never))).toBe('ERR_SECRET_CHANGED')
  expect(await codeOf(readerOf(log, old).seek('start', never))).toBe('ERR_SECRET_CHANGED')
  expect(await codeOf(readerOf(log, b4a.alloc(32, 3)).seek('start', never))).toBe('ERR_SECRET_WRONG')

  // The new link reads all of it; the change is a new epoch right in front of a keyframe.
  const kinds = await kindsFrom(readerOf(log, secrets.current.secret), 'start', log.length)
  expect(kinds).toEqual(['init', ...Array(10).fill('cluster'), 'init', ...Array(10).fill('cluster'), 'end'])
})

it('changes the secret of a channel that is not on air as well, and after every restart knows all of them', async () => {
  const { log, secrets, writer, open } = await privateFeed()
  for (const piece of pieces(writer, 1)) await writer.append(piece)
  await writer.end()
  const first = secrets.current.secret
  await writer.renew(await secrets.change())
  const again = await open()
  expect(b4a.equals(again.secrets.current.secret, secrets.current.secret)).toBe(true)
  expect(b4a.equals(again.secrets.current.secret, first)).toBe(false)
  for (let change = 0; change < maxEarlierSecrets - 1; change++) await again.writer.renew(await again.secrets.change())
  for (const piece of pieces(again.writer, 1)) await again.writer.append(piece)
  const newest = again.secrets.current.secret
  expect((await kindsFrom(readerOf(log, newest), 'start', 11))[10]).toBe('cluster')
  expect(await codeOf(readerOf(log, first).seek('live', never))).toBe('ERR_SECRET_CHANGED')

  // One more, and the oldest is out of reach.
  const renewed = again.writer.renew(await again.secrets.change())
  for (const piece of pieces(again.writer, 1)) await again.writer.append(piece)
  await renewed
  expect(await codeOf(readerOf(log, again.secrets.current.secret).seek('start', never))).toBe('ERR_SECRET_WRONG')
})

it('waits for the next keyframe with a change, and for no longer than the broadcast', async () => {
  const { log, secrets, writer } = await privateFeed()
  for (const piece of pieces(writer, 1)) await writer.append(piece)
  const { length } = log
  const renewed = writer.renew(await secrets.change())
  const old = secrets.current.id
  await writer.end()
  await renewed
  expect(b4a.equals(secrets.current.id, old)).toBe(false)
  const kinds = log.blocks.slice(length).map((block, at) => readFromOutside(block, length + at).kind)
  expect(kinds).toEqual(['end', 'init', 'end'])
})

it('lets a channel stay what it began as', async () => {
  const open = (generation: number | null, isPrivate: boolean, isEmpty: boolean) =>
    ChannelSecrets.open({ record: record(generation), channelKey, isPrivate, isEmpty, storageName: 'The storage' })
  expect(await codeOf(open(null, true, false))).toBe('ERR_FEED_STORAGE_PRIVATE')
  expect(await codeOf(open(0, false, false))).toBe('ERR_FEED_STORAGE_PRIVATE')
  expect(await codeOf(open(0, false, true))).toBe('ERR_FEED_STORAGE_PRIVATE')
  expect(await open(null, false, false)).toBe(null)
  expect(await open(null, true, true)).not.toBe(null)
})

it('has the end of a broadcast in the clear, and nothing else of an end block', () => {
  const sealed = sealBlock(writeEndBlock(3, 1), { channelKey, number: 5 }, keys, [])
  expect(readFromOutside(sealed, 5)).toMatchObject({
    kind: 'end',
    index: { end: true, initDistance: 3, keyDistance: 1 },
  })
})

it('names 64 earlier secrets in the head of an init block, and none more', () => {
  const index = { init: true, key: false, end: false, initDistance: 0, keyDistance: 0 }
  const headWith = (earlier: number) =>
    readSealedHead(writeVoid(b4a.concat([encodeSealedIndex(index), b4a.alloc(16 * (1 + earlier), 5)])), 0)
  expect(headWith(64)?.earlierIds).toHaveLength(64)
  expect(() => headWith(65)).toThrow('its head names no secret, or too many')
})
