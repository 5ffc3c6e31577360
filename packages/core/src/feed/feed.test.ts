// The feed as its two ends use it: a writer and readers over real hypercores in memory.
import b4a from 'b4a'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { audioTrack, cluster, simpleBlock, stream, videoTrack } from '../../test/webm/webm-builder.ts'
import { HypervisionError } from '../contracts/index.ts'
import { WebmCutter } from '../webm/index.ts'
import { readFeedBlock } from './feed-block.ts'
import type { AppendLog } from './feed-log.ts'
import { type FeedItem, FeedReader } from './feed-reader.ts'
import { FeedWriter } from './feed-writer.ts'
import { ForwardingLog } from './forwarding-log.ts'

const never = new AbortController().signal
const anchorMs = Date.UTC(2026, 0, 1)

/** A source: `seconds` of 10 frames each, a keyframe at each second (or from `firstKeyAt` on). */
function source({ seconds = 3, firstKeyAt = 0 } = {}): Uint8Array {
  const clusters: Uint8Array[] = []
  for (let frame = 0; frame < seconds * 10; frame++) {
    const timeMs = frame * 100
    const key = timeMs % 1000 === 0 && timeMs >= firstKeyAt
    clusters.push(
      cluster(timeMs, simpleBlock({ track: 2, payload: [frame] }), simpleBlock({ key, payload: [frame, 7] })),
    )
  }
  return stream([videoTrack(1), audioTrack(2)], ...clusters)
}

/** @param nowMs when the first frame was captured */
async function write(log: AppendLog, bytes: Uint8Array, nowMs: number, end = true): Promise<void> {
  const writer = await FeedWriter.open(log, { title: () => 'Test' })
  const cutter = new WebmCutter({
    blockDurationMs: 100,
    startEpoch: (epoch) => writer.startEpoch({ ...epoch, zeroAtMs: nowMs }),
  })
  for (const piece of [...cutter.push(bytes), ...cutter.end()]) await writer.append(piece)
  if (end) await writer.end()
}

async function feed(...parts: { bytes?: Uint8Array; nowMs?: number; end?: boolean }[]) {
  const opened = await openLog()
  onTestFinished(() => opened.close())
  for (const { bytes = source(), nowMs = anchorMs, end = true } of parts) await write(opened.log, bytes, nowMs, end)
  return opened
}

/** The log where somebody is connected who says to have all of it: nobody else is waited for. */
class KnownLog extends ForwardingLog {
  override peersWith(): number {
    return 1
  }
}

async function readAll(reader: FeedReader): Promise<FeedItem[]> {
  const items: FeedItem[] = []
  for (;;) {
    const item = await reader.next(never)
    items.push(item)
    if (item.kind === 'end') return items
  }
}

/** Where the live edge is looked for it waits for the next broadcast, and goes on with that. */
async function expectNextBroadcast(reader: FeedReader, log: AppendLog): Promise<void> {
  const sought = reader.seek('live', never)
  await write(log, source({ seconds: 1 }), anchorMs + 60_000)
  await sought
  await reader.next(never)
  expect(timeOf(await reader.next(never))).toBe(60_000)
}

function timeOf(item: FeedItem | undefined): number {
  if (item?.kind !== 'cluster') throw new Error(`a Cluster was expected, not ${item?.kind}`)
  return item.block.timestampMs
}

it('makes every block tell where its epoch and its newest keyframe begin', async () => {
  const { log } = await feed({}, { nowMs: anchorMs + 60_000 })
  let init = -1
  let key = -1
  for (let number = 0; number < log.length; number++) {
    const block = readFeedBlock(await log.read(number), number)
    if (block.kind === 'init') {
      init = number
      continue
    }
    if (block.index.key) key = number
    expect(number - block.index.initDistance).toBe(init)
    expect(number - block.index.keyDistance).toBe(key)
  }
  expect(log.length).toBe(2 * (1 + 30 + 1))
})

it('gives a stream that is the concatenation of legal WebM, from any init block on', async () => {
  const { log } = await feed({ end: false })
  const blocks: Uint8Array[] = []
  for (let number = 0; number < log.length; number++) blocks.push(await log.read(number))
  const again = new WebmCutter({ blockDurationMs: 100 })
  const pieces = [...again.push(b4a.concat(blocks)), ...again.end()]
  expect(pieces.filter((piece) => piece.kind === 'cluster')).toHaveLength(30)
})

it('anchors timestamps to the wall clock and lets them only rise, over a restart as well', async () => {
  const { log } = await feed({}, { nowMs: anchorMs + 600_000 }, { nowMs: anchorMs + 1000 })
  const reader = new FeedReader(log)
  await reader.seek('start', never)
  const first = await readAll(reader)
  const second = await readAll(reader)
  const third = await readAll(reader)
  for (const items of [first, second, third]) {
    const init = items[0]
    expect(init?.kind === 'init' && init.block.anchor.getTime()).toBe(anchorMs)
    expect(init?.kind === 'init' && init.block.title).toBe('Test')
  }
  expect(timeOf(first[1])).toBe(0)
  expect(timeOf(second[1])).toBe(600_000)
  // The clock was set back: the third epoch follows the second all the same.
  expect(timeOf(third[1])).toBe(timeOf(second.at(-2)) + 1)
})

it('begins at the newest keyframe before a place, with the init segment first', async () => {
  const { log } = await feed({ end: false })
  const reader = new FeedReader(new KnownLog(log))
  for (const [position, startMs] of [
    ['live', 2000],
    ['start', 0],
    [{ secondsAgo: 0 }, 2000],
    [{ secondsAgo: 1.2 }, 1000],
    [{ secondsAgo: 99 }, 0],
    [{ time: new Date(anchorMs + 1999) }, 1000],
    [{ time: new Date(anchorMs - 5000) }, 0],
    [{ time: new Date(anchorMs + 9e6) }, 2000],
  ] as const) {
    await reader.seek(position, never)
    const [init, first] = [await reader.next(never), await reader.next(never)]
    expect(init.kind).toBe('init')
    expect(first.kind === 'cluster' && first.discontinuity && first.block.index.key).toBe(true)
    expect(timeOf(first)).toBe(startMs)
  }
})

it('finds a moment in a gap between epochs at the end of the earlier one', async () => {
  const { log } = await feed({}, { nowMs: anchorMs + 600_000 })
  const reader = new FeedReader(log)
  await reader.seek({ time: new Date(anchorMs + 300_000) }, never)
  await reader.next(never)
  expect(timeOf(await reader.next(never))).toBe(2000)
})

it('passes over frames before the first keyframe of an epoch', async () => {
  const { log } = await feed({ bytes: source({ firstKeyAt: 1000 }) })
  const reader = new FeedReader(log)
  await reader.seek('start', never)
  await reader.next(never)
  expect(timeOf(await reader.next(never))).toBe(1000)
})

it('waits at the live edge of an ended feed for the next broadcast', async () => {
  const { log } = await feed({})
  const reader = new FeedReader(log)
  await expectNextBroadcast(reader, log)
})

it('goes to the last keyframe of a feed that has ended in the meantime, and waits once the end was given', async () => {
  const { log } = await feed({})
  const reader = new FeedReader(new KnownLog(log))
  await reader.seek('start', never)
  await reader.seek('live', never)
  const items = await readAll(reader)
  expect(items.map(({ kind }) => kind)).toEqual(['init', ...Array(10).fill('cluster'), 'end'])
  expect(timeOf(items[1])).toBe(2000)
  await expectNextBroadcast(reader, log)
})

it('goes to the end itself where a feed ended before there was a keyframe', async () => {
  const { log } = await feed({}, { bytes: source({ seconds: 1, firstKeyAt: 9000 }), nowMs: anchorMs + 60_000 })
  const reader = new FeedReader(new KnownLog(log))
  await reader.seek('start', never)
  await reader.seek('live', never)
  expect((await readAll(reader)).map(({ kind }) => kind)).toEqual(['init', 'end'])
})

it('stops waiting when the signal aborts', async () => {
  const { log } = await feed({})
  const giveUp = new AbortController()
  const sought = new FeedReader(log).seek('live', giveUp.signal)
  giveUp.abort(new Error('enough'))
  await expect(sought).rejects.toThrow('enough')
})

it('joins live in one round trip for the newest block and one for all the rest', async () => {
  const { core, log } = await feed({ end: false })
  const viewer = await openLog(core.key)
  const link = new SteppedLink(viewer.core, core)
  onTestFinished(async () => {
    link.destroy()
    await viewer.close()
  })
  const reader = new FeedReader(viewer.log)
  const items: FeedItem[] = []
  const newest = log.length - 1
  const watching = (async () => {
    await reader.seek('live', never)
    while (items.at(-1)?.block.number !== newest) items.push(await reader.next(never))
  })()

  // The handshakes of the connection and of the replication protocol; no block is asked for yet.
  while (viewer.log.remoteLength === 0) await link.exchange()
  expect(viewer.log.newestHere()).toBe(-1)

  await link.exchange()
  expect(viewer.log.newestHere()).toBe(newest)
  expect(items).toHaveLength(0)

  await link.exchange()
  await watching
  expect(items.map((item) => item.block.number)).toEqual([0, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30])
})

it('names the block that is not of the format', async () => {
  const { log } = await openLog()
  await log.append(b4a.from('this is no WebM'))
  const reader = new FeedReader(log)
  const error = await reader.seek('live', never).catch((reason: unknown) => reason)
  expect(error instanceof HypervisionError && error.code).toBe('ERR_FEED_FORMAT')
  expect(String(error)).toContain('Block 0')
})

it('refuses blocks that hold more than they should', async () => {
  const { log } = await feed({})
  for (const number of [0, 1, log.length - 1]) {
    const longer = b4a.concat([await log.read(number), b4a.from([0xec, 0x80])])
    expect(() => readFeedBlock(longer, number)).toThrow('2 bytes follow what it should hold')
  }
})

it('begins at the first block although the peer is still fetching it', async () => {
  const writer = await feed({ end: false })
  const [middle, reader] = [await openLog(writer.core.key), await openLog(writer.core.key)]
  const above = new SteppedLink(middle.core, writer.core)
  const below = new SteppedLink(reader.core, middle.core)
  onTestFinished(async () => {
    above.destroy()
    below.destroy()
    await reader.close()
    await middle.close()
  })
  const newest = middle.core.get(writer.core.length - 1)
  for (let trip = 0; trip < 4; trip++) await above.exchange()
  await newest
  const cursor = new FeedReader(reader.log)
  let isThere = false
  const sought = cursor.seek('start', never).then(() => {
    isThere = true
  })
  for (let trip = 0; trip < 6; trip++) await below.exchange()
  expect(isThere).toBe(false)
  middle.log.fetchFrom(0)
  while (!isThere) {
    await above.exchange()
    await below.exchange()
  }
  await sought
  expect(cursor.position).toBe(1)
})

it('says of no frame that it was captured after it came, though the recorder held the first ones back', async () => {
  const opened = await openLog()
  onTestFinished(() => opened.close())
  const writer = await FeedWriter.open(opened.log, {})
  let nowMs = anchorMs
  const cutter = new WebmCutter({ now: () => nowMs, startEpoch: (epoch) => writer.startEpoch(epoch) })
  // As Firefox does: half a second of pictures at once, and each of the others a little after it was captured.
  const pictureMs = (number: number) => number * 20
  const picture = (number: number) => cluster(pictureMs(number), simpleBlock({ key: number === 0, payload: [number] }))
  const pictures = Array.from({ length: 60 }, (_, number) => number)
  nowMs = anchorMs + 495
  const arrivals = pictures.map((number) => ({ number, atMs: anchorMs + Math.max(495, pictureMs(number) + 15) }))
  const first = arrivals.filter(({ atMs }) => atMs === nowMs).map(({ number }) => picture(number))
  const pieces = cutter.push(stream([videoTrack(1)], ...first))
  for (const { number, atMs } of arrivals.slice(first.length)) {
    nowMs = atMs
    pieces.push(...cutter.push(picture(number)))
  }
  for (const piece of [...pieces, ...cutter.end()]) await writer.append(piece)
  const early = arrivals.filter(({ number, atMs }) => Number(writer.anchorMs) + pictureMs(number) > atMs)
  expect(early).toEqual([])
  // Nor is any said to be much older than it is.
  expect(writer.anchorMs).toBeGreaterThanOrEqual(anchorMs)
})
