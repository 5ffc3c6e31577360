import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { cutWebm, readCluster, type WebmPiece } from '@hypervision/core/webm'
import { afterAll, expect, it } from 'vitest'
import type { Clock } from './clock.ts'
import { webmFile } from './webm-file.ts'
import { webmStream } from './webm-stream.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname
const never = new AbortController().signal

/** A clock that jumps to the end of every wait. */
function fastClock(): Clock & { time: number; waits: number[] } {
  return {
    time: 0,
    waits: [],
    now() {
      return this.time
    },
    async wait(milliseconds) {
      this.waits.push(milliseconds)
      this.time += Math.max(0, milliseconds)
    },
  }
}

async function take(source: AsyncIterable<Uint8Array>, most = Number.POSITIVE_INFINITY): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) if (chunks.push(chunk) >= most) break
  return chunks
}

function framesOf(pieces: WebmPiece[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind === 'cluster' ? piece.frames : 0), 0)
}

async function cut(chunks: Uint8Array[]): Promise<WebmPiece[]> {
  const pieces: WebmPiece[] = []
  for await (const piece of cutWebm(chunks)) pieces.push(piece)
  return pieces
}

it('gives every frame of the file at its time', async () => {
  const clock = fastClock()
  const chunks = await take(webmFile(clip, { clock }).open({ signal: never }))
  expect(clock.time).toBeGreaterThan(11_900)
  expect(clock.time).toBeLessThan(12_100)
  expect(Math.max(...clock.waits)).toBeLessThanOrEqual(60)
  expect(framesOf(await cut(chunks))).toBe(framesOf(await cut([readFileSync(clip)])))
})

it('gives no frame sooner after the first than it was filmed, however long its consumer needs to begin', async () => {
  const clock = fastClock()
  const source = webmFile(clip, { clock }).open({ signal: never })[Symbol.asyncIterator]()
  await source.next()
  clock.time += 700
  const sinceMs: number[] = []
  for (let count = 0; count < 50; count++) {
    const { value } = await source.next()
    const [frame] = readCluster(value ?? new Uint8Array()).frames
    sinceMs.push(clock.time - (frame?.timestampMs ?? Number.NaN))
  }
  expect(Math.min(...sinceMs)).toBe(sinceMs[0])
  await source.return?.()
})

it('loops in one epoch, without a jump and without a gap in the timestamps', async () => {
  const clock = fastClock()
  const chunks = await take(webmFile(clip, { clock, loop: true }).open({ signal: never }), 1000)
  const pieces = await cut(chunks)
  expect(pieces.filter((piece) => piece.kind === 'init')).toHaveLength(1)
  const times = chunks.slice(1).flatMap((chunk) => readCluster(chunk).frames.filter((frame) => frame.track === 1))
  const steps = times.slice(1).map((frame, place) => frame.timestampMs - (times[place]?.timestampMs ?? 0))
  expect(times.at(-1)?.timestampMs).toBeGreaterThan(24_000)
  for (const step of steps) expect(step).toBeGreaterThan(30)
  // One frame of 40 ms, and at the seam the Opus packet by which the sound is longer than the picture.
  for (const step of steps) expect(step).toBeLessThan(65)
})

it('does not pour out what was missed while the machine slept', async () => {
  const clock = fastClock()
  const source = webmFile(clip, { clock }).open({ signal: never })[Symbol.asyncIterator]()
  for (let count = 0; count < 50; count++) await source.next()
  clock.time += 60_000
  clock.waits.length = 0
  for (let count = 0; count < 50; count++) await source.next()
  expect(clock.waits.filter((wait) => wait > 0).length).toBeGreaterThan(45)
  await source.return?.()
})

it('ends in the middle of a wait when it is stopped', async () => {
  const stop = new AbortController()
  const source = webmFile(clip, { loop: true }).open({ signal: stop.signal })[Symbol.asyncIterator]()
  await source.next()
  await source.next()
  const waiting = source.next()
  stop.abort()
  expect(await waiting).toEqual({ value: undefined, done: true })
})

function cutShort(path: string): void {
  copyFileSync(clip, path)
  truncateSync(path, 100_001)
}

it.each([
  ['a missing file', 'none.webm', () => {}, 'ERR_CAPTURE_INPUT'],
  ['a folder', 'folder', (path: string) => mkdirSync(path), 'ERR_CAPTURE_INPUT'],
  ['an empty file', 'empty', (path: string) => writeFileSync(path, ''), 'ERR_WEBM_NOT_WEBM'],
  ['a web page', 'page', (path: string) => writeFileSync(path, '<!doctype html>'), 'ERR_WEBM_NOT_WEBM'],
  ['a file cut short', 'short', cutShort, 'ERR_WEBM_TRUNCATED'],
])('says what is wrong with %s', async (_what, name, make, code) => {
  const path = join(folder, name)
  make(path)
  await expect(take(webmFile(path, { clock: fastClock() }).open({ signal: never }))).rejects.toMatchObject({ code })
})

it('reads a pipe as its bytes come, and stops in the middle of a wait', async () => {
  const pipe = new PassThrough()
  const stop = new AbortController()
  const source = webmStream(pipe).open({ signal: stop.signal })[Symbol.asyncIterator]()
  pipe.write('abc')
  expect(Buffer.from((await source.next()).value ?? '').toString()).toBe('abc')
  const waiting = source.next()
  stop.abort()
  expect((await waiting).done).toBe(true)
  expect(pipe.destroyed).toBe(true)
})

it('holds back the writer of a pipe that is not read', async () => {
  const pipe = new PassThrough({ highWaterMark: 1000 })
  const source = webmStream(pipe).open({ signal: never })[Symbol.asyncIterator]()
  const first = source.next()
  pipe.write(Buffer.alloc(10))
  await first
  let isHeldBack = false
  for (let count = 0; count < 100 && !isHeldBack; count++) isHeldBack = !pipe.write(Buffer.alloc(500))
  expect(isHeldBack).toBe(true)
  await source.return?.()
})

it('names a pipe that breaks, and can be read only once', async () => {
  const pipe = new PassThrough()
  const capture = webmStream(pipe, { name: 'camera pipe' })
  const source = capture.open({ signal: never })[Symbol.asyncIterator]()
  const reading = source.next()
  pipe.destroy(new Error('socket hang up'))
  await expect(reading).rejects.toMatchObject({
    code: 'ERR_CAPTURE_INPUT',
    message: 'Reading "camera pipe" failed: socket hang up',
  })
  await expect(take(capture.open({ signal: never }))).rejects.toMatchObject({ code: 'ERR_CAPTURE_IN_USE' })
})
