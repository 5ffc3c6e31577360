// What a broadcaster's encoder made, and what is recorded of it: the same packets, for every codec, as ffmpeg sees both; and files
// that ffmpeg and a browser seek in.
import { execFile, execFileSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createBroadcast, createViewer, type RecordingTarget, storedLink } from '@hypervision/core'
import { memoryNetwork } from '@hypervision/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage, sharePage } from './browser/chromium.ts'
import { decodingErrors } from './decoding-errors.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'hypervision-recording-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25']
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
const realtime = ['-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '25']
const opus = ['-c:a', 'libopus', '-b:a', '48k']
const sources = {
  vp8: [...picture, ...sound, '-c:v', 'libvpx', ...realtime, ...opus],
  vp9: [...picture, ...sound, '-c:v', 'libvpx-vp9', ...realtime, ...opus],
  av1: [...picture, ...sound, '-c:v', 'libsvtav1', '-preset', '12', '-b:v', '200k', '-g', '25', ...opus],
  opus: [...sound, ...opus],
}
type Codec = keyof typeof sources
const codecs = Object.keys(sources) as Codec[]
const pathOf = (codec: Codec, what: string): string => join(folder, `${codec}-${what}.webm`)

const files = Object.fromEntries(codecs.map((codec) => [`/${codec}.webm`, pathOf(codec, 'recorded')]))
const shared = sharePage({ body: '<video muted></video>', files })
let opened: Awaited<ReturnType<typeof openPage>>
beforeAll(async () => {
  opened = await openPage(shared.browser, shared.url)
})

/** Packets as ffmpeg copies them: stream, timestamps, duration, size and MD5 of each. */
async function packetHashes(path: string): Promise<string[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-map', '0', '-c', 'copy', '-f', 'framemd5', '-'])
  return stdout.split('\n').filter((line) => /^\d/.test(line))
}

async function streamHashes(path: string): Promise<string> {
  const args = ['-v', 'error', '-i', path, '-map', '0', '-c', 'copy', '-f', 'streamhash', '-']
  return (await run('ffmpeg', args)).stdout
}

async function fileTarget(path: string): Promise<RecordingTarget> {
  const file = await open(path, 'w')
  return {
    async write(bytes, position) {
      await file.write(bytes, 0, bytes.byteLength, position)
    },
    close: () => file.close(),
  }
}

/** Makes a source, puts it on air and records what a viewer gets of it. */
async function record(codec: Codec): Promise<{ source: string; recorded: string }> {
  const [source, recorded] = [pathOf(codec, 'source'), pathOf(codec, 'recorded')]
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...sources[codec], '-t', '4', '-f', 'webm', source])
  const network = memoryNetwork()
  await using broadcast = await createBroadcast({
    capture: createReadStream(source),
    transports: [network.transport()],
  })
  await using viewer = await createViewer({ link: broadcast.link, transports: [network.transport()] })
  const recording = await viewer.record({ from: 'start', open: () => fileTarget(recorded) })
  expect(await recording.finished).toMatchObject({ files: 1, missingBlocks: 0 })
  return { source, recorded }
}

test.each(codecs)(
  'a recording of a whole channel of %s holds what the encoder made, packet by packet',
  async (codec) => {
    const { source, recorded } = await record(codec)
    const packets = await packetHashes(recorded)
    expect(packets.length).toBeGreaterThan(180)
    expect(packets).toEqual(await packetHashes(source))
    expect(await streamHashes(recorded)).toBe(await streamHashes(source))

    const probe = ['-v', 'error', '-show_entries', 'format=duration:format_tags=encoder', '-of', 'json', recorded]
    const { format } = JSON.parse((await run('ffprobe', probe)).stdout)
    expect(Number(format.duration)).toBeCloseTo(4, 1)
    expect(format.tags.ENCODER ?? format.tags.encoder).toBe('hypervision')
    // Seeks to the third keyframe by Cues, and decodes from there without a word.
    const seek = ['-v', 'info', '-ss', '2', '-i', recorded, '-an', '-frames:v', '1', '-f', 'framemd5', '-']
    if (codec !== 'opus') {
      const { stdout, stderr } = await run('ffmpeg', seek)
      expect(stdout.trim().split('\n').at(-1)).toMatch(/^0, /)
      expect(stderr).not.toMatch(/error|invalid|corrupt|missing/i)
    }
    expect(await decodingErrors(recorded)).toBe('')

    const { page, errors } = opened
    const seen = await page.evaluate<number[]>(`(async () => {
    const video = document.querySelector('video')
    const next = (name) => new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
    })
    video.src = URL.createObjectURL(await (await fetch('/${codec}.webm')).blob())
    await next('loadedmetadata')
    const { duration } = video
    video.currentTime = duration / 2
    await next('seeked')
    const middle = video.currentTime
    video.currentTime = duration - 0.4
    await next('seeked')
    await video.play()
    await next('ended')
    return [duration, middle, video.currentTime]
  })()`)
    const [duration = 0, middle = 0, end = 0] = seen
    expect(duration).toBeCloseTo(4, 1)
    expect(middle).toBeCloseTo(duration / 2, 1)
    expect(end).toBeCloseTo(duration, 1)
    expect(errors).toEqual([])
  },
)

test('a range of a channel that others have is fetched by itself: block by block, however far in', async () => {
  const clip = await readFile(new URL('../packages/cli/assets/clip.webm', import.meta.url))
  const network = memoryNetwork()
  async function* capture(): AsyncGenerator<Uint8Array> {
    for (let time = 0; time < 8; time++) yield clip
  }
  await using broadcast = await createBroadcast({ capture: capture(), transports: [network.transport()] })
  await broadcast.ended
  const readRange = async (share: number, length: number): Promise<{ bytes: Buffer; received: number }> => {
    await using viewer = await createViewer({ link: broadcast.link, transports: [network.transport()] })
    const [file] = await viewer.recordedFiles()
    if (file === undefined) throw new Error('there is no file')
    const before = viewer.stats().streamBytes
    const start = Math.floor(file.byteLength * share)
    const pieces: Uint8Array[] = []
    for await (const piece of file.read(start, Math.min(file.byteLength, start + length))) pieces.push(piece)
    return { bytes: Buffer.concat(pieces), received: viewer.stats().streamBytes - before }
  }
  const whole = await readRange(0, Number.POSITIVE_INFINITY)
  const part = await readRange(0.6, 10_000)
  const start = Math.floor(whole.bytes.length * 0.6)
  expect(part.bytes.equals(whole.bytes.subarray(start, start + 10_000))).toBe(true)
  expect(part.received).toBeLessThan(whole.bytes.length / 5)
})

test('a private channel is recorded, and read out as a file, by those who have its secret', async () => {
  const clip = new URL('../packages/cli/assets/clip.webm', import.meta.url)
  const storage = join(folder, 'private')
  const network = memoryNetwork()
  const capture = createReadStream(clip)
  const broadcast = await createBroadcast({ capture, private: true, storage, transports: [network.transport()] })
  const viewer = await createViewer({ link: broadcast.link, transports: [network.transport()] })
  await broadcast.ended
  const recorded = join(folder, 'private.webm')
  const recording = await viewer.record({ from: 'start', open: () => fileTarget(recorded) })
  await recording.finished
  const [file] = await viewer.recordedFiles()
  if (file === undefined) throw new Error('there is no file')
  const pieces: Uint8Array[] = []
  for await (const piece of file.read(0, file.byteLength)) pieces.push(piece)
  const readOut = join(folder, 'private-read.webm')
  writeFileSync(readOut, Buffer.concat(pieces))
  await viewer.close()
  await broadcast.close()

  const packets = await packetHashes(fileURLToPath(clip))
  expect(await packetHashes(recorded)).toEqual(packets)
  expect(await packetHashes(readOut)).toEqual(packets)
  expect(await storedLink(storage)).toBe(broadcast.link)
})
