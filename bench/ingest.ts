// WebM bytes to disk, beside what the disk format allows: a bare hypercore to which the very same blocks are appended.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBroadcast } from '@hypervision/core'
import Hypercore from 'hypercore'
import type { Bench, BenchRunOptions, Row } from './bench.ts'
import { makeStream } from './media/make-stream.ts'
import { median } from './statistics.ts'

/** As a pipe gives them. */
const chunkBytes = 65_536

export const bench: Bench = {
  name: 'ingest',
  title: 'WebM bytes (720p VP8 and Opus) to a channel on disk, beside bare hypercore appends of the same blocks',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const folder = await mkdtemp(join(tmpdir(), 'hypervision-ingest-'))
    try {
      log('making the stream')
      const bytes = await readFile(await makeStream(folder, quick ? 5 : 12, signal))
      // Many short rounds: a disk shared with others is slow for seconds at a time, and then it is slow for both sides.
      const rounds: Round[] = []
      for (let round = 0; round < (quick ? 3 : 41); round++) {
        signal.throwIfAborted()
        rounds.push(await measureRound(bytes, join(folder, String(round)), round % 2 === 0))
        if (round % 10 === 0) log(`round ${round + 1}: broadcast ÷ bare ${ratioOf(rounds.at(-1)).toFixed(2)}`)
      }
      return report(rounds)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

interface Round {
  readonly megabytes: number
  readonly blocks: number
  readonly broadcastSeconds: number
  readonly bareSeconds: number
}

function ratioOf(round: Round | undefined): number {
  return round === undefined ? Number.NaN : round.bareSeconds / round.broadcastSeconds
}

/** The blocks are known only after a broadcast, so one that is not counted makes them; then each side takes its turn. */
async function measureRound(bytes: Uint8Array, folder: string, isBroadcastFirst: boolean): Promise<Round> {
  const made = join(folder, 'made')
  await broadcastAll(bytes, made)
  const blocks = await readBlocks(made)
  await rm(made, { recursive: true })

  const sides = [() => broadcastAll(bytes, join(folder, 'broadcast')), () => appendAll(blocks, join(folder, 'bare'))]
  if (!isBroadcastFirst) sides.reverse()
  const seconds: number[] = []
  for (const side of sides) seconds.push(await side())
  if (!isBroadcastFirst) seconds.reverse()
  await rm(folder, { recursive: true })
  const stored = blocks.reduce((sum, block) => sum + block.byteLength, 0)
  const [broadcastSeconds = Number.NaN, bareSeconds = Number.NaN] = seconds
  return { megabytes: stored / 1e6, blocks: blocks.length, broadcastSeconds, bareSeconds }
}

/** Seconds until the whole stream is stored, opening and closing left out. */
async function broadcastAll(bytes: Uint8Array, storage: string): Promise<number> {
  let startedAt = 0
  async function* capture(): AsyncGenerator<Uint8Array> {
    startedAt = performance.now()
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const broadcast = await createBroadcast({ capture: capture(), storage })
  await broadcast.ended
  const seconds = (performance.now() - startedAt) / 1000
  await broadcast.close()
  return seconds
}

async function readBlocks(storage: string): Promise<Uint8Array[]> {
  const core = new Hypercore(storage)
  await core.ready()
  const blocks: Uint8Array[] = []
  for (let number = 0; number < core.length; number++) {
    const block = await core.get(number)
    if (block !== null) blocks.push(block)
  }
  await core.close()
  return blocks
}

async function appendAll(blocks: Uint8Array[], storage: string): Promise<number> {
  const core = new Hypercore(storage)
  await core.ready()
  const startedAt = performance.now()
  for (const block of blocks) await core.append(block)
  const seconds = (performance.now() - startedAt) / 1000
  await core.close()
  return seconds
}

function report(rounds: Round[]): Row[] {
  const row = (name: string, seconds: (round: Round) => number): Row => ({
    case: name,
    throughputMBps: median(rounds.map((round) => round.megabytes / seconds(round))),
    blocksPerSecond: median(rounds.map((round) => round.blocks / seconds(round))),
    timesBareAppend: median(rounds.map((round) => round.bareSeconds / seconds(round))),
  })
  return [
    row('WebM bytes → broadcast → disk', (round) => round.broadcastSeconds),
    row('the same blocks → bare hypercore.append', (round) => round.bareSeconds),
  ]
}
