// One measurement in a process of its own, so that no parser pays for the memory or the warm-up of another:
// `measure.ts PARSER FILE BYTES` prints a Measurement as JSON. Needs --expose-gc.
import { closeSync, openSync, readSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { median } from '../statistics.ts'
import { type ParserName, parsers } from './parsers.ts'

/** What one process measured. */
export interface Measurement {
  /** Time of the processor, median of the passes: what else runs on the machine does not count. */
  readonly seconds: number
  /** Most memory in use at any time beyond that before, bytes; after a garbage collection, so without rubbish. */
  readonly liveBytes: number
  /** Largest resident set beyond that before, bytes; with rubbish. */
  readonly residentBytes: number
  readonly blocks: number
}

const chunkBytes = 65_536
const warmUpChunks = 30
const mostPasses = 300
/** After this much measured time no further pass begins. */
const enoughSeconds = 1.5

function readChunks(path: string, bytes: number): Uint8Array<ArrayBuffer>[] {
  const file = openSync(path, 'r')
  const chunks: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < bytes; at += chunkBytes) {
    const chunk = new Uint8Array(Math.min(chunkBytes, bytes - at))
    readSync(file, chunk, 0, chunk.length, at)
    chunks.push(chunk)
  }
  closeSync(file)
  return chunks
}

function usedBytes(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function measure(name: ParserName, path: string, bytes: number): Promise<Measurement> {
  const parse = parsers[name]
  const chunks = readChunks(path, bytes)
  // A live stream runs for hours, so what counts is the speed after the first seconds; and a collection that is forced
  // after the warm-up would throw away some of the code that it made fast.
  globalThis.gc?.()
  const warmUp = performance.now()
  while (performance.now() - warmUp < 500) await parse(chunks.slice(0, warmUpChunks), () => {})

  const residentBefore = process.memoryUsage.rss()
  let blocks = 0
  const passes: number[] = []
  while (passes.length < mostPasses && passes.reduce((sum, pass) => sum + pass, 0) < enoughSeconds) {
    const before = process.cpuUsage()
    blocks = await parse(chunks, () => {})
    const { user, system } = process.cpuUsage(before)
    passes.push((user + system) / 1e6)
  }
  const seconds = median(passes)

  // Looking at memory takes time, so it is looked at in passes that are not timed.
  let residentBytes = 0
  let chunk = 0
  await parse(chunks, () => {
    if (chunk++ % 64 === 0) residentBytes = Math.max(residentBytes, process.memoryUsage.rss() - residentBefore)
  })

  const usedBefore = usedBytes()
  let liveBytes = 0
  chunk = 0
  await parse(chunks, () => {
    if (chunk++ % 32 === 0) liveBytes = Math.max(liveBytes, usedBytes() - usedBefore)
  })
  return { seconds, liveBytes, residentBytes, blocks }
}

const [name, path, bytes] = parseArgs({ allowPositionals: true }).positionals
if (name === undefined || !(name in parsers) || path === undefined)
  throw new Error('Usage: measure.ts PARSER FILE BYTES')
measure(name as ParserName, path, Number(bytes)).then((measurement) => console.log(JSON.stringify(measurement)))
