import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cutWebm, type WebmPiece } from '@hypervision/core/webm'
import { expect, it, onTestFinished } from 'vitest'
import type { KitClock } from '../clock.ts'
import { type FakeCapture, type FakeCaptureOptions, fakeCapture } from './fake-capture.ts'

const run = promisify(execFile)
const signal = new AbortController().signal

async function collect(capture: FakeCapture): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of capture.open({ signal })) chunks.push(chunk)
  return chunks
}

async function cut(capture: FakeCapture): Promise<WebmPiece[]> {
  const pieces: WebmPiece[] = []
  for await (const piece of cutWebm(capture.open({ signal }), { blockDurationMs: 40 })) pieces.push(piece)
  return pieces
}

const fast = (options: FakeCaptureOptions = {}): FakeCapture =>
  fakeCapture({ isPaced: false, endAfter: 60, ...options })

it('makes WebM that ffmpeg decodes without a complaint, every frame at its time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'fake.webm')
  await writeFile(path, Buffer.concat(await collect(fast())))
  const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-'])
  expect(stderr).toBe('')
  const probe = ['-v', 'error', '-show_entries', 'packet=codec_type,pts_time,flags', '-of', 'json', path]
  const { stdout } = await run('ffprobe', probe)
  const { packets } = JSON.parse(stdout) as { packets: { codec_type: string; pts_time: string; flags: string }[] }
  const video = packets.filter(({ codec_type }) => codec_type === 'video')
  expect(video.map(({ pts_time }) => Number(pts_time))).toEqual(Array.from({ length: 60 }, (_, index) => index / 25))
  expect(video.flatMap(({ flags }, index) => (flags.startsWith('K') ? [index] : []))).toEqual([0, 25, 50])
  const audio = packets.filter(({ codec_type }) => codec_type === 'audio')
  expect(audio.map(({ pts_time }) => Number(pts_time))).toEqual(Array.from({ length: 120 }, (_, index) => index / 50))
})

it('gives the same bytes for the same options, and no two frames alike', async () => {
  const [first, second] = [await collect(fast()), await collect(fast())]
  expect(Buffer.concat(second)).toEqual(Buffer.concat(first))
  expect(new Set(first.map((chunk) => Buffer.from(chunk).toString('hex'))).size).toBe(61)
})

it('has frames of the size that is asked for, and no sound where none is', async () => {
  const [init, ...frames] = await collect(fast({ frameBytes: 5000, hasAudio: false, frameRate: 50, keyframeEvery: 10 }))
  expect(Buffer.from(init ?? []).includes('A_OPUS')).toBe(false)
  expect(frames.every(({ byteLength }) => byteLength > 5000 && byteLength < 5050)).toBe(true)
  const clusters = (await cut(fast({ frameRate: 50, keyframeEvery: 10 }))).filter((piece) => piece.kind === 'cluster')
  expect(clusters.filter(({ key }) => key).length).toBe(6)
})

it('gives a frame when its time has come by the clock that it was given', async () => {
  const { clock, turn } = steeredClock()
  const capture = fakeCapture({ clock, endAfter: 5 })
  const reading = collect(capture)
  for (const frames of [1, 2, 3, 4]) {
    await expect.poll(() => capture.frames).toBe(frames)
    turn(39)
    expect(capture.frames).toBe(frames)
    turn(1)
  }
  await reading
  expect(capture.frames).toBe(5)
})

it('begins a new epoch, stalls, fails and ends when it is told to', async () => {
  const capture = fakeCapture({ isPaced: false })
  const kinds: string[] = []
  for await (const piece of cutWebm(capture.open({ signal }), { blockDurationMs: 40 })) {
    kinds.push(piece.kind)
    if (kinds.length === 5) capture.restart()
    if (kinds.filter((kind) => kind === 'init').length === 2 && kinds.at(-1) === 'cluster') capture.end()
  }
  expect(kinds.filter((kind) => kind === 'init').length).toBe(2)

  const stalled = fakeCapture({ isPaced: false, stallAfter: 2 })
  const stalling = collect(stalled)
  await expect.poll(() => stalled.frames).toBe(2)
  stalled.fail(new Error('the cable is out'))
  await expect(stalling).rejects.toThrow('the cable is out')

  await expect(collect(fast({ failAfter: 3 }))).rejects.toMatchObject({ code: 'ERR_CAPTURE_FAILED' })
  expect(capture.openings + stalled.openings).toBe(0)
})

function steeredClock(): { clock: KitClock; turn(milliseconds: number): void } {
  let now = 0
  const timers = new Set<{ dueAt: number; callback: () => void }>()
  return {
    clock: {
      now: () => now,
      after(milliseconds, callback) {
        const timer = { dueAt: now + milliseconds, callback }
        timers.add(timer)
        if (milliseconds <= 0) queueMicrotask(() => timers.delete(timer) && callback())
        return () => timers.delete(timer)
      },
    },
    turn(milliseconds) {
      now += milliseconds
      for (const timer of [...timers]) if (timer.dueAt <= now && timers.delete(timer)) timer.callback()
    },
  }
}
