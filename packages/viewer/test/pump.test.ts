// The pump in real Chromium: real blocks in, a moving picture out, whatever happens on the way.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startChromium } from '../../../tests/browser/chromium.ts'
import { recordLatePicture } from './late-picture.ts'
import { eventsOf, nearEdge, playOn, stats, usePumpPage, waitForEvent } from './pump-testbed.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const clip = 'packages/cli/assets/clip.webm'
const folder = mkdtempSync(join(tmpdir(), 'hypervision-pump-'))
const vp9 = join(folder, 'vp9.webm')
const silent = join(folder, 'silent.webm')
const vp8 = join(folder, 'vp8.webm')
const late = join(folder, 'late.webm')
/** A browser that is full after a megabyte. */
const smallBuffers = ['--mse-video-buffer-size-limit-mb=1', '--mse-audio-buffer-size-limit-mb=1']

beforeAll(async () => {
  const pattern = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4']
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4']
  const fast = ['-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-b:v', '300k']
  await run(ffmpeg, ['-v', 'error', ...pattern, ...tone, '-c:v', 'libvpx-vp9', ...fast, '-c:a', 'libopus', vp9])
  await run(ffmpeg, ['-v', 'error', ...pattern, '-c:v', 'libvpx', ...fast, silent])
  await run(ffmpeg, ['-v', 'error', '-i', clip, '-t', '4', '-c', 'copy', vp8])
  await recordLatePicture(late)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { open } = usePumpPage({ '/vp9.webm': vp9, '/vp8.webm': vp8, '/silent.webm': silent, '/late.webm': late })

// Each waits for media that comes in real time, in a page of its own.
describe.concurrent('the pump', () => {
  // The longest first, so that the others go by beside it.
  test('plays on through new epochs: the same codecs, other codecs, other kinds of tracks', async (context) => {
    const { page, errors } = await open(context)
    await page.evaluate(() =>
      startPump(['/vp9.webm', '/vp9.webm', '/vp8.webm', '/silent.webm', '/vp9.webm'], { behindMs: 2000 }),
    )
    await page.waitForFunction(() => it.video.currentTime > 17, undefined, { timeout: 50_000 })
    expect((await eventsOf(page, 'epoch')).map((event) => 'mimeType' in event && event.mimeType)).toEqual([
      'video/webm; codecs="vp09.00.11.08,opus"',
      'video/webm; codecs="vp09.00.11.08,opus"',
      'video/webm; codecs="vp8,opus"',
      'video/webm; codecs="vp8"',
      'video/webm; codecs="vp09.00.11.08,opus"',
    ])
    expect(errors).toEqual([])
  })

  test('joins in mid-stream at a keyframe, shows a moving picture, and stays near the live edge', async (context) => {
    const { page, errors } = await open(context)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 5900 }))
    await playOn(page, 1)
    const before = await page.evaluate(() => it.picture())
    await playOn(page, 4)
    expect(await page.evaluate(() => it.picture())).not.toEqual(before)
    await nearEdge(page)
    const { latencyMs, isLive, seekable, joinsClusters } = await stats(page)
    expect(isLive).toBe(true)
    // It plays small Clusters, and would hold back the last frame of an open one.
    expect(joinsClusters).toBe(false)
    expect(latencyMs).toBeGreaterThan(0)
    expect(seekable?.[0]).toBe(0)
    // At its keyframe first, then right at the edge.
    expect((await eventsOf(page, 'jump')).slice(0, 2)).toMatchObject([{ reason: 'start' }, { reason: 'live' }])
    expect(errors).toEqual([])
  })

  test('goes on after the network was away, at the live edge, with a larger margin', async (context) => {
    const { page } = await open(context)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    const before = await stats(page)
    await page.evaluate(() => it.viewer.hold())
    await waitForEvent(page, 'stall')
    await page.waitForFunction((from) => it.video.currentTime === from, await page.evaluate(() => it.video.currentTime))
    // Not so long that playback would jump by itself.
    await page.waitForFunction(() => it.viewer.heldSeconds > 1.5)
    const heard = await page.evaluate(() => {
      it.viewer.resume()
      return it.events.length
    })
    await page.waitForFunction(
      (from) => it.events.slice(from).some((event) => event.type === 'jump' && event.reason === 'live'),
      heard,
    )
    await playOn(page, 1)
    const after = await stats(page)
    expect(after.targetMs).toBeGreaterThan(before.targetMs)
    expect(after.stalls).toBeGreaterThan(0)
    await nearEdge(page)
  })

  test('goes over a hole to the keyframe behind it', async (context) => {
    const { page } = await open(context)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 8000, isLive: false }))
    await playOn(page, 0.5)
    await page.evaluate(() => it.viewer.skip(12))
    await waitForEvent(page, 'jump', 2)
    await playOn(page, 1)
    const [, hole] = await eventsOf(page, 'jump')
    expect(hole).toMatchObject({ reason: 'hole' })
    expect(await page.evaluate(() => it.video.buffered.length)).toBe(2)
  })

  test('plays on where a picture comes late, which costs those after it where nothing is done', async (context) => {
    const { page } = await open(context)
    await page.evaluate(() => startPump(['/late.webm'], { repeat: 1 }))
    await page.waitForFunction(() => it.video.currentTime > 3.2)
    expect(await page.evaluate(() => it.video.buffered.length)).toBe(1)
    expect((await stats(page)).joinsClusters).toBe(true)
    expect(await eventsOf(page, 'jump')).not.toContainEqual(expect.objectContaining({ reason: 'hole' }))
  })

  test('ends with the broadcast and plays the next one by itself', async (context) => {
    const { page } = await open(context)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    await page.evaluate(() => it.viewer.end())
    await waitForEvent(page, 'ended')
    await page.waitForFunction(() => it.video.ended)
    await page.evaluate(() => it.viewer.begin())
    await playOn(page, 2)
  })

  test('begins anew where the browser gives up on a part of the stream, and fails when that does not help', async (context) => {
    const { page } = await open(context)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    await page.evaluate(() => it.viewer.spoil(1))
    await waitForEvent(page, 'recovered')
    await playOn(page, 2)
    await page.evaluate(() => it.viewer.spoil(1000))
    const code = await page.evaluate(() =>
      it.pump.closed.then(
        () => null,
        (error) => error.code,
      ),
    )
    expect(code).toBe('ERR_PLAYBACK_MEDIA')
    expect(await eventsOf(page, 'recovered')).toHaveLength(3)
  })

  test('gives the video back when it is closed', async (context) => {
    const { page } = await open(context)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    const left = await page.evaluate(async () => {
      it.pump.close()
      await it.pump.closed
      return { src: it.video.getAttribute('src'), rate: it.video.playbackRate }
    })
    expect(left).toEqual({ src: null, rate: 1 })
    await page.waitForFunction(() => it.video.networkState === HTMLMediaElement.NETWORK_EMPTY)
  })

  test('says what to do where a codec cannot be played', async (context) => {
    const { page } = await open(context)
    const error = await page.evaluate(async () => {
      MediaSource.isTypeSupported = () => false
      await startPump(['/clip.webm'], { behindMs: 2000 })
      return it.pump.closed.then(
        () => null,
        ({ code, message }) => ({ code, message }),
      )
    })
    expect(error).toMatchObject({ code: 'ERR_PLAYBACK_CODEC', message: expect.stringContaining('Another browser') })
  })
})

test('survives a browser that is full', async () => {
  const { page, errors } = await open({ onTestFinished }, await startChromium({ args: smallBuffers }))
  // So fast that it is full in seconds.
  await page.evaluate(() =>
    startPump(['/vp9.webm'], {
      behindMs: 400_000,
      repeat: 100,
      fromStart: true,
      isLive: false,
      fillAheadSeconds: 1000,
    }),
  )
  await waitForEvent(page, 'quota')
  await playOn(page, 2)
  expect(errors).toEqual([])
})
