// The real program: what it gives, and every way in which it can end.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Capture } from '@hypervision/core/contracts'
import { afterAll, expect, it } from 'vitest'
import { freePort } from '../../../tests/free-port.ts'
import { ffmpeg } from './ffmpeg.ts'
import type { FfmpegOptions } from './ffmpeg-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-ffmpeg-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pattern: FfmpegOptions = { input: 'test-pattern', size: { width: 160, height: 90 }, frameRate: 20 }

/** Children of this process that run ffmpeg. */
function running(): number[] {
  const table = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' })
  return table
    .split('\n')
    .filter((line) => line.includes('pipe:1'))
    .map((line) => Number.parseInt(line, 10))
}

async function collect(capture: Capture, until: (bytes: number) => boolean, stop: AbortController): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of capture.open({ signal: stop.signal })) {
    chunks.push(chunk)
    bytes += chunk.length
    if (until(bytes)) stop.abort()
  }
  return Buffer.concat(chunks)
}

function errorOf(options: FfmpegOptions): Promise<unknown> {
  return collect(ffmpeg(options), () => false, new AbortController()).then(
    () => 'no error',
    (error: unknown) => error,
  )
}

function script(name: string, body: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

it.each(['vp8', 'vp9', 'av1'] as const)(
  'gives %s and Opus that decode, with a keyframe each interval',
  async (videoCodec) => {
    const path = join(folder, `${videoCodec}.webm`)
    const options: FfmpegOptions = { ...pattern, videoCodec, keyframeIntervalSeconds: 0.5, outputArgs: ['-t', '2'] }
    writeFileSync(path, await collect(ffmpeg(options), () => false, new AbortController()))
    expect(execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], { encoding: 'utf8' })).toBe('')
    const probe = [
      '-v',
      'error',
      '-select_streams',
      'v',
      '-show_entries',
      'packet=pts_time,flags',
      '-of',
      'csv=p=0',
      path,
    ]
    const keys = execFileSync('ffprobe', probe, { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('K'))
      .map((line) => Number.parseFloat(line))
    expect(keys).toHaveLength(4)
    for (const [place, time] of keys.entries()) expect(time - (keys[0] ?? 0)).toBeCloseTo(place * 0.5, 1)
  },
)

it('ends without an error when it is stopped, and leaves no process', async () => {
  const bytes = await collect(ffmpeg(pattern), (count) => count > 10_000, new AbortController())
  expect(bytes.subarray(0, 4).toString('hex')).toBe('1a45dfa3')
  expect(running()).toEqual([])
})

it('leaves no process when the consumer returns early, and can be opened again', async () => {
  const capture = ffmpeg(pattern)
  for (let time = 0; time < 2; time++) {
    for await (const _chunk of capture.open({ signal: new AbortController().signal })) {
      expect(running()).toHaveLength(1)
      break
    }
    expect(running()).toEqual([])
  }
})

it('ends at once when the signal has aborted before', async () => {
  const stop = new AbortController()
  stop.abort()
  expect(await collect(ffmpeg(pattern), () => false, stop)).toHaveLength(0)
})

it('refuses a second opening while it runs', async () => {
  const capture = ffmpeg(pattern)
  const first = capture.open({ signal: new AbortController().signal })[Symbol.asyncIterator]()
  await first.next()
  const second = capture.open({ signal: new AbortController().signal })[Symbol.asyncIterator]()
  await expect(second.next()).rejects.toMatchObject({ code: 'ERR_CAPTURE_IN_USE' })
  await first.return?.()
})

it('says that the program is missing, and how to get it', async () => {
  const error = await errorOf({ ...pattern, ffmpegPath: join(folder, 'nowhere') })
  expect(error).toMatchObject({ code: 'ERR_CAPTURE_MISSING', message: expect.stringContaining('Install it') })
})

it('says that a file is missing or holds no media', async () => {
  const missing = await errorOf({ input: { file: join(folder, 'none.mp4') } })
  expect(missing).toMatchObject({ code: 'ERR_CAPTURE_INPUT', message: expect.stringContaining('No such file') })
  writeFileSync(join(folder, 'page.html'), '<p>no video</p>')
  expect(await errorOf({ input: { file: join(folder, 'page.html') } })).toMatchObject({ code: 'ERR_CAPTURE_INPUT' })
})

it('says that a device cannot be captured, with the last lines of ffmpeg', async () => {
  const error = await errorOf({ input: { camera: '/dev/video99' }, audio: false })
  expect(error).toMatchObject({ code: 'ERR_CAPTURE_DEVICE' })
  expect((error as { detail: { stderr: string[] } }).detail.stderr.join('\n')).toContain('/dev/video99')
})

it('hides the password of an address', async () => {
  const error = await errorOf({ input: { url: 'http://user:secret@127.0.0.1:1/x.m3u8' } })
  expect(error).toMatchObject({ code: 'ERR_CAPTURE_INPUT', message: expect.not.stringContaining('secret') })
})

it('tells a crash in mid-stream from an end', async () => {
  const capture = ffmpeg(pattern)
  const kill = async (): Promise<void> => {
    let isKilled = false
    for await (const _chunk of capture.open({ signal: new AbortController().signal })) {
      if (isKilled) continue
      isKilled = true
      for (const pid of running()) process.kill(pid, 'SIGKILL')
    }
  }
  await expect(kill()).rejects.toMatchObject({
    code: 'ERR_CAPTURE_FAILED',
    message: expect.stringContaining('SIGKILL'),
  })
})

it('gives up on a start that never ends', async () => {
  const ffmpegPath = script('hangs', 'exec sleep 1000')
  const error = await errorOf({ ...pattern, ffmpegPath, startTimeoutMs: 200 })
  expect(error).toMatchObject({ code: 'ERR_CAPTURE_TIMEOUT' })
})

it('kills an ffmpeg that ignores the request to end', async () => {
  const ffmpegPath = script('stubborn', 'trap "" INT; while :; do printf x; sleep 0.1; done')
  const bytes = await collect(ffmpeg({ ...pattern, ffmpegPath }), (count) => count > 0, new AbortController())
  expect(bytes.length).toBeGreaterThan(0)
})

it('keeps only the last lines of what ffmpeg says', async () => {
  const ffmpegPath = script('chatty', 'i=0; while [ $i -lt 5000 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 3')
  const error = (await errorOf({ ...pattern, ffmpegPath })) as { detail: { stderr: string[]; exitCode: number } }
  expect(error.detail.exitCode).toBe(3)
  expect(error.detail.stderr).toHaveLength(20)
  expect(error.detail.stderr.at(-1)).toBe('line 4999')
})

it('waits for an encoder to publish by RTMP, and ends when that one ends', async () => {
  const port = await freePort()
  const stop = new AbortController()
  const path = join(folder, 'rtmp.webm')
  const received = collect(ffmpeg({ input: { rtmp: { port } }, size: { width: 160, height: 90 } }), () => false, stop)
  await publish(port)
  writeFileSync(path, await received)
  expect(execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], { encoding: 'utf8' })).toBe('')
})

it('stops waiting for an encoder when it is told to', async () => {
  const port = await freePort()
  const stop = new AbortController()
  const received = collect(ffmpeg({ input: { rtmp: { port } } }), () => false, stop)
  while (running().length === 0) await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  expect(await received).toHaveLength(0)
  expect(running()).toEqual([])
})

/** Publishes H.264 and AAC for two seconds, trying again until somebody listens. */
async function publish(port: number): Promise<void> {
  const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=20', '-f', 'lavfi', '-i', 'sine']
  const encoding = [
    '-t',
    '2',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-f',
    'flv',
  ]
  for (;;) {
    const publisher = spawn('ffmpeg', ['-v', 'error', ...picture, ...encoding, `rtmp://127.0.0.1:${port}/live`])
    const [code] = await once(publisher, 'close')
    if (code === 0) return
  }
}
