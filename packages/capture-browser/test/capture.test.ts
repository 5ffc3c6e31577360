// Captures in real Chromium: what the browser records is WebM that core cuts and ffmpeg decodes.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cutWebm } from '@hypervision/core/webm'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage } from '../../../tests/browser/chromium.ts'
import { decodingErrors } from '../../../tests/decoding-errors.ts'
import type {} from './capture-page.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const folder = mkdtempSync(join(tmpdir(), 'hypervision-capture-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shared = sharePage({ script: 'packages/capture-browser/test/capture-page.ts' })

/** Opens the page; what it records ends with the test. */
async function open(): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(shared.browser, shared.url)
  onTestFinished(() => opened.page.context().close())
  return opened
}

/** Waits until so much was recorded, stops, and takes the bytes. */
async function finish(page: Page, seconds: number): Promise<Buffer> {
  const since = await page.evaluate(() => performance.now())
  await page.waitForFunction(([from, ms]) => performance.now() - from > ms, [since, seconds * 1000] as const)
  await page.evaluate(() => recording.stop())
  await page.waitForFunction(() => recording.isOver)
  const { bytes, code, message } = await page.evaluate(() => ({
    bytes: recording.bytes,
    code: recording.code,
    message: recording.message,
  }))
  expect([code, message]).toEqual([null, ''])
  return Buffer.concat(bytes.map((chunk) => Buffer.from(chunk)))
}

/** Waits until so many recordings have begun, and the last one has gone on for a while. */
const inEpoch = (page: Page, count: number) =>
  page.waitForFunction(
    (wanted) => {
      // A chunk may end in the middle of the header.
      const text = recording.bytes.map((chunk) => String.fromCharCode(...chunk)).join('')
      const headers = text.split('\x1a\x45\xdf\xa3').slice(1)
      return headers.length === wanted && (headers.at(-1)?.length ?? 0) > 20_000
    },
    count,
    { polling: 200 },
  )

/** What core makes of a recording. */
async function cut(bytes: Buffer) {
  async function* chunks() {
    yield new Uint8Array(bytes)
  }
  const keyframes: number[] = []
  const mimeTypes: string[] = []
  let endMs = 0
  for await (const piece of cutWebm(chunks(), {
    startEpoch: ({ firstTimestampMs }) => ({ offsetMs: endMs - firstTimestampMs }),
  })) {
    if (piece.kind === 'init') mimeTypes.push(piece.mimeType)
    else {
      endMs = piece.timestampMs + piece.spanMs
      if (piece.key) keyframes.push(piece.timestampMs)
    }
  }
  return { keyframes, mimeTypes, endMs }
}

/** Decodes all of it; the mean colour of the picture twice a second. */
async function colours(bytes: Buffer): Promise<[red: number, green: number, blue: number][]> {
  const file = join(folder, 'recorded.webm')
  await writeFile(file, bytes)
  expect(await decodingErrors(file, { isOfBrowser: true })).toBe('')
  const scaled = ['-vf', 'fps=2,scale=1:1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  const { stdout } = await run(ffmpeg, ['-v', 'error', '-i', file, ...scaled], { encoding: 'buffer' })
  return Array.from({ length: stdout.length / 3 }, (_, at) => [
    stdout[at * 3] ?? 0,
    stdout[at * 3 + 1] ?? 0,
    stdout[at * 3 + 2] ?? 0,
  ])
}

/** Seconds of every picture. */
async function frameTimes(bytes: Buffer): Promise<number[]> {
  const file = join(folder, 'timed.webm')
  await writeFile(file, bytes)
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts_time',
    '-of',
    'csv=p=0',
    file,
  ])
  return stdout.trim().split('\n').map(Number.parseFloat).filter(Number.isFinite)
}

describe('captures of a page', () => {
  test('camera and microphone give WebM with a keyframe each second', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => recordFrom(captures.camera({ quality: 'medium' })))
    const bytes = await finish(page, 4)
    const { keyframes, mimeTypes, endMs } = await cut(bytes)
    expect(mimeTypes).toEqual(['video/webm; codecs="vp8,opus"'])
    expect(endMs).toBeGreaterThan(2500)
    const gaps = keyframes.slice(1).map((at, place) => at - (keyframes[place] ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(1400)
    await colours(bytes)
    expect(errors).toEqual([])
  })

  test('lets go of the camera when the broadcast ends, and can be opened again', async () => {
    const { page } = await open()
    await page.evaluate(async () => {
      const capture = captures.camera()
      const stream = await capture.preview()
      Object.assign(globalThis, { tracks: stream.getTracks() })
      recordFrom(capture)
    })
    await finish(page, 1)
    const states = () =>
      page.evaluate(() =>
        (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState),
      )
    await expect.poll(states).toEqual(['ended', 'ended'])
    await page.evaluate(() => recordFrom(recording.capture))
    expect((await finish(page, 1)).subarray(0, 4).toString('hex')).toBe('1a45dfa3')
  })

  test('lets go of a source that comes only when it was closed', async () => {
    const { page } = await open()
    const states = await page.evaluate(async () => {
      const capture = captures.camera()
      const before = await capture.preview()
      const late = await navigator.mediaDevices.getUserMedia({ video: true })
      const acquire = async (): Promise<MediaStream> => {
        await capture.close()
        return late
      }
      await capture.switchTo({ name: 'late', isOwned: true, acquire })
      return [before, late].flatMap((stream) => stream.getTracks()).map(({ readyState }) => readyState)
    })
    expect(states).toEqual(['ended', 'ended', 'ended'])
  })

  test('leaves the tracks of a stream that belongs to the page alone', async () => {
    const { page } = await open()
    await page.evaluate(() => recordFrom(captures.mediaStream(drawing.stream)))
    const { mimeTypes } = await cut(await finish(page, 1.5))
    expect(mimeTypes).toEqual(['video/webm; codecs="vp8,opus"'])
    expect(await page.evaluate(() => drawing.stream.getTracks().map(({ readyState }) => readyState))).toEqual([
      'live',
      'live',
    ])
  })

  test('records a canvas, and a codec of one’s choice', async () => {
    const { page } = await open()
    await page.evaluate(() => recordFrom(captures.canvas(drawing.element, { videoCodec: 'vp9' })))
    const { mimeTypes } = await cut(await finish(page, 1.5))
    expect(mimeTypes[0]).toMatch(/^video\/webm; codecs="vp09/)
  })

  test('changes on air from camera to screen to a stream: another picture, the same recording, no break', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => recordFrom(captures.camera()))
    await page.waitForFunction(() => recording.bytes.length > 15)
    await page.evaluate(() => recording.capture.switchTo(captures.screenSource({ sound: false })))
    await page.waitForFunction(() => recording.bytes.length > 35)
    await page.evaluate(() => recording.capture.switchTo(captures.streamSource(drawing.stream)))
    const bytes = await finish(page, 2)
    expect((await cut(bytes)).mimeTypes).toHaveLength(1)
    const pictures = await colours(bytes)
    const [before = [0, 0, 0], after = [0, 0, 0]] = [pictures[0], pictures.at(-1)]
    // The browser's own fake camera and screen are green, the stream is red.
    expect([before[1] > before[0], after[0] > after[1]]).toEqual([true, true])
    const frames = await frameTimes(bytes)
    const gaps = frames.slice(1).map((at, place) => at - (frames[place] ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(1)
    expect(errors).toEqual([])
  })

  test('begins a new epoch where the source brings a picture or sound that the recording has none of', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => recordFrom(captures.camera({ camera: false })))
    await page.waitForFunction(() => recording.bytes.length > 15)
    await page.evaluate(() => recording.capture.switchTo(captures.screenSource({ sound: false })))
    await inEpoch(page, 2)
    // What it has already changes without one.
    await page.evaluate(() => recording.capture.switchTo(captures.streamSource(drawing.stream)))
    const bytes = await finish(page, 1)
    expect((await cut(bytes)).mimeTypes).toEqual(['audio/webm; codecs="opus"', 'video/webm; codecs="vp8,opus"'])

    await page.evaluate(() => recordFrom(new captures.LiveCapture(captures.screenSource({ sound: false }))))
    await page.waitForFunction(() => recording.bytes.length > 15)
    await page.evaluate(() => recording.capture.switchTo(captures.cameraSource()))
    await inEpoch(page, 2)
    const silent = await cut(await finish(page, 0))
    expect(silent.mimeTypes).toEqual(['video/webm; codecs="vp8"', 'video/webm; codecs="vp8,opus"'])
    // Each begins with a keyframe, so that nobody waits for a picture.
    expect(silent.keyframes.length).toBeGreaterThan(1)
    expect(errors).toEqual([])
  })

  test('gives each picture a time of its own when several come at once, as they do to a page that was busy', async () => {
    const { page } = await open()
    await page.evaluate(async () => {
      const { track, write } = trackOfPictures()
      recordFrom(captures.mediaStream(new MediaStream([track])))
      for (let burst = 0; burst < 20; burst++) {
        for (const pauseMs of [0, 0, 50]) {
          await write()
          await new Promise((resolve) => setTimeout(resolve, pauseMs))
        }
      }
    })
    const times = await frameTimes(await finish(page, 0))
    expect(times.length).toBeGreaterThan(30)
    expect(new Set(times).size).toBe(times.length)
  })

  test('records the sound of a source as it is where the browser starts no audio graph', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => {
      AudioContext.prototype.resume = () => new Promise(() => {})
      recordFrom(captures.camera())
    })
    await page.waitForFunction(() => recording.bytes.length > 0)
    // That sound goes on beside another picture, though the other source has its own: without it nothing would be recorded any more.
    const tracks = await page.evaluate(async () => {
      const sound = (await recording.capture.preview()).getAudioTracks()
      await recording.capture.switchTo(captures.cameraSource())
      const after = await recording.capture.preview()
      return { isSame: after.getAudioTracks()[0] === sound[0], states: after.getTracks().map((one) => one.readyState) }
    })
    expect(tracks).toEqual({ isSame: true, states: ['live', 'live'] })
    const { mimeTypes, endMs } = await cut(await finish(page, 2))
    expect(mimeTypes).toEqual(['video/webm; codecs="vp8,opus"'])
    expect(endMs).toBeGreaterThan(1000)
    expect(errors).toEqual([])
  })

  test('muted, it sends black and silence and goes on', async () => {
    const { page } = await open()
    await page.evaluate(() => recordFrom(captures.mediaStream(drawing.stream)))
    await page.waitForFunction(() => recording.bytes.length > 10)
    await page.evaluate(() => {
      recording.capture.mute('video', true)
      recording.capture.mute('audio', true)
    })
    const bytes = await finish(page, 3)
    const pictures = await colours(bytes)
    expect(pictures[0]?.[0]).toBeGreaterThan(100)
    expect(Math.max(...(pictures.at(-1) ?? [255]))).toBeLessThan(20)
    expect((await cut(bytes)).mimeTypes).toHaveLength(1)
  })

  test('ends when the source does, unless the page has other plans', async () => {
    const { page } = await open()
    await page.evaluate(() => {
      recordFrom(captures.mediaStream(drawing.stream))
      recording.capture.addEventListener('sourceended', (event) => console.log(event.type))
    })
    await page.waitForFunction(() => recording.bytes.length > 5)
    await page.evaluate(() => {
      for (const track of drawing.stream.getTracks()) {
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }
    })
    await page.waitForFunction(() => recording.isOver)
    expect(await page.evaluate(() => recording.code)).toBe(null)
  })

  test('lists devices by name', async () => {
    const { page } = await open()
    await page.evaluate(() => captures.camera().preview())
    const found = await page.evaluate(() => captures.devices())
    expect(found.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['camera', 'microphone']))
    expect(found.every(({ label }) => label.length > 0)).toBe(true)
  })

  test('one broadcast at a time', async () => {
    const { page } = await open()
    await page.evaluate(() => recordFrom(captures.mediaStream(drawing.stream)))
    await page.waitForFunction(() => recording.bytes.length > 0)
    expect(await page.evaluate(() => rejection(recording.capture))).toMatchObject({ code: 'ERR_CAPTURE_IN_USE' })
  })

  test('says what to do where a camera is refused, is not there, or a codec cannot be recorded', async () => {
    const { page } = await open()
    const errors = await page.evaluate(async () => {
      const refuse = (name: string) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name))
        return rejection(captures.camera())
      }
      const noCodec = () => {
        MediaRecorder.isTypeSupported = () => false
        return rejection(captures.mediaStream(drawing.stream))
      }
      return [await refuse('NotAllowedError'), await refuse('NotFoundError'), await noCodec()]
    })
    expect(errors).toEqual([
      { code: 'ERR_CAPTURE_DEVICE', message: expect.stringContaining('Allow it in the address bar') },
      { code: 'ERR_CAPTURE_DEVICE', message: expect.stringContaining('Connect one') },
      { code: 'ERR_CAPTURE_CODEC', message: expect.stringContaining('Choose another codec') },
    ])
  })
})
