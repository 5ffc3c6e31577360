// The page of `watch --http` in a real browser: what a person sees of a broadcast from before its beginning to its end.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage, startChromium } from './browser/chromium.ts'
import { broadcastClip, type CliProcess, startCli } from './cli-process.ts'
import { useCliTestbed } from './cli-testbed.ts'
import { decodingErrors } from './decoding-errors.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const { folder, onDht } = useCliTestbed('page')

const goLive = (storage: string) =>
  broadcastClip(['--title', 'A <b>show</b>', '--storage', join(folder, storage), ...onDht])

async function watch(link: string): Promise<{ viewer: CliProcess; url: string; live: string }> {
  const viewer = startCli(['watch', link, '--http', '0', ...onDht, '--json'])
  const { url, live } = await viewer.event('listening')
  return { viewer, url: String(url), live: String(live) }
}

/** Waits until the page says a state. */
async function says(page: Page, state: string): Promise<void> {
  await page.locator('#state', { hasText: new RegExp(`^${state}$`) }).waitFor()
}

/** What is looked at of a `<video>`; this program of TypeScript knows no DOM. */
interface VideoState {
  readonly currentTime: number
  readonly videoWidth: number
  readonly paused: boolean
  readonly controls: boolean
}

function video(page: Page): Promise<VideoState> {
  return page.locator('video').evaluate((element: VideoState) => {
    const { currentTime, videoWidth, paused, controls } = element
    return { currentTime, videoWidth, paused, controls }
  })
}

/** Waits until the picture has moved on by a second; a stream that is opened anew begins with a time of its own. */
async function plays(page: Page): Promise<void> {
  const before = await video(page)
  const moved = async () => {
    const { currentTime, videoWidth, paused } = await video(page)
    return videoWidth > 0 && !paused && Math.abs(currentTime - before.currentTime) > 1
  }
  await expect.poll(moved).toBe(true)
}

/** The darkest and the brightest green of the picture, 0 to 255. */
const brightness = `(() => {
  const context = document.createElement('canvas').getContext('2d')
  context.drawImage(document.querySelector('video'), 0, 0, 64, 36)
  const greens = context.getImageData(0, 0, 64, 36).data.filter((_value, at) => at % 4 === 1)
  return [Math.min(...greens), Math.max(...greens)]
})()`

function box(page: Page, selector: string): Promise<{ left: number; right: number; width: number; height: number }> {
  return page.locator(selector).evaluate((element) => {
    const { left, right, width, height } = element.getBoundingClientRect()
    return { left, right, width, height }
  })
}

test('the page says what there is to wait for, plays, and says that it is over', async () => {
  const { broadcast, link } = await goLive('states')
  // Before the viewer comes nobody has the channel; after it the broadcaster is there again.
  broadcast.child.kill('SIGINT')
  await broadcast.ended
  const { viewer, url } = await watch(link)
  const browser = await startChromium()
  const { page, errors } = await openPage(browser, url)
  await says(page, 'Searching')
  await page.getByText('Looking for somebody who has this channel.').waitFor()

  const silent = startCli(['broadcast', '-', '--storage', join(folder, 'states'), ...onDht, '--json'])
  await says(page, 'Waiting')
  await page.getByText('The channel is there, and the broadcast has not begun.').waitFor()
  silent.child.kill('SIGINT')
  await silent.ended

  const again = await goLive('states')
  await says(page, 'Live')
  await plays(page)
  const [least = 0, most = 0] = await page.evaluate<number[]>(brightness)
  expect(most - least).toBeGreaterThan(100)
  await page.locator('#cover').waitFor({ state: 'hidden' })
  // A title is text, whatever is in it.
  expect(await page.locator('h1').textContent()).toBe('A <b>show</b>')
  await expect.poll(() => page.locator('#link').textContent()).toBe(link)
  await expect.poll(() => page.locator('#picture').textContent()).toBe('640 × 360')
  await expect.poll(() => page.locator('#latency').textContent()).toMatch(/^\d\.\d s$/)

  again.broadcast.child.kill('SIGINT')
  await again.broadcast.ended
  expect((await viewer.ended).code).toBe(0)
  await says(page, 'Ended')
  await page.getByText('The broadcast is over.').waitFor()
  await expect.poll(() => page.locator('#latency').textContent()).toBe('–')
  expect(errors).toEqual([])
})

test('a second tab plays beside the first, and both fit a telephone of 360 pixels', async () => {
  const { link } = await goLive('tabs')
  const { viewer, url } = await watch(link)
  const browser = await startChromium()
  const one = await openPage(browser, url)
  const two = await openPage(browser, url)
  for (const { page } of [one, two]) {
    await page.setViewportSize({ width: 360, height: 640 })
    await says(page, 'Live')
    await plays(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    for (const selector of ['h1', '#state', '#screen', '.figures', '#link', '#copy']) {
      const { left, right, width } = await box(page, selector)
      expect([selector, left >= 0, right <= 360, width > 30]).toEqual([selector, true, true, true])
    }
    expect((await box(page, '#copy')).height).toBeGreaterThanOrEqual(36)
    await page.locator('#copy').click()
    await page.getByText(/^(Copied|Selected)/).waitFor()
  }
  await viewer.event('stats', ({ httpClients }) => httpClients === 2)
  await two.page.close()
  await viewer.event('stats', ({ httpClients }) => httpClients === 1)
  expect([...one.errors, ...two.errors]).toEqual([])
})

test('the page goes on by itself when the broadcaster was killed and started again', async () => {
  const { broadcast, link } = await goLive('restart')
  const { url } = await watch(link)
  const { page, errors } = await openPage(await startChromium(), url)
  await says(page, 'Live')
  await plays(page)
  broadcast.child.kill('SIGKILL')
  await says(page, 'Interrupted')
  await page.getByText('It goes on by itself').waitFor()
  expect((await video(page)).controls).toBe(false)
  await goLive('restart')
  await says(page, 'Live')
  await plays(page)
  await page.locator('#cover').waitFor({ state: 'hidden' })
  expect(errors).toEqual([])
})

test('the page says that its viewer has gone', async () => {
  const { link } = await goLive('gone')
  const { viewer, url } = await watch(link)
  const { page } = await openPage(await startChromium(), url)
  await says(page, 'Live')
  viewer.child.kill('SIGKILL')
  await says(page, 'Disconnected')
  await page.getByText('Start hypervision watch again').waitFor()
})

test('/live.webm is a stream that ffmpeg decodes without a word', async () => {
  const { broadcast, link } = await goLive('stream')
  const { viewer, live } = await watch(link)
  await viewer.event('live')
  const response = await fetch(live)
  const body = response.arrayBuffer()
  await viewer.event('stats', ({ httpClients, verifiedBlocks }) => httpClients === 1 && Number(verifiedBlocks) > 30)
  broadcast.child.kill('SIGINT')
  const file = join(folder, 'live.webm')
  writeFileSync(file, Buffer.from(await body))
  const { stderr } = await run(ffmpeg, ['-v', 'info', '-xerror', '-i', file, '-f', 'null', '-'])
  expect(stderr).not.toMatch(/error|invalid|corrupt|missing/i)
  expect(stderr).toMatch(/Video: vp8.*Audio: opus/s)
  expect(await decodingErrors(file)).toBe('')
})
