// The element in every state, on a telephone and on a desk: axe finds nothing, and nothing lies over or outside of anything else. With
// HYPERVISION_SCREENSHOTS=folder it leaves a picture of each.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './element-page.ts'

const folder = process.env.HYPERVISION_SCREENSHOTS
if (folder !== undefined) mkdirSync(folder, { recursive: true })

const attributes = { autoplay: '', muted: '', controls: '', style: 'width: 100%; aspect-ratio: 16 / 9' }

/** Brings an element into a state. */
type Arrange = (page: Page) => Promise<unknown>

const play = async (page: Page, more: Record<string, string> = {}): Promise<void> => {
  await page.evaluate((all) => show(all, 20_000), { ...attributes, ...more })
  await page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0)
}
const wait = async (page: Page): Promise<void> => page.evaluate((all) => show(all, -60_000), attributes)
const turn =
  (state: 'searching' | 'waiting' | 'playing'): Arrange =>
  async (page) => {
    await wait(page)
    await page.evaluate((next) => session.turn(next), state)
    await page.waitForFunction((shown) => element.state === shown, state === 'playing' ? 'starting' : state)
  }
const fail =
  (...error: Parameters<typeof failWith>): Arrange =>
  async (page) => {
    await play(page, { upload: 'ask' })
    await page.evaluate((all) => failWith(...all), error)
    await page.waitForFunction(() => element.state === 'error')
  }
/** Says what is planned, with a picture that is drawn for it. */
const announce = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 360)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('nothing can be drawn')
    const colours = context.createLinearGradient(0, 0, 640, 360)
    for (const [at, colour] of ['#14532d', '#ca8a04', '#7f1d1d'].entries()) colours.addColorStop(at / 2, colour)
    context.fillStyle = colours
    context.fillRect(0, 0, 640, 360)
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
    session.describe({
      title: 'Friday show: bread, butter and what else there is in the kitchen',
      description: 'Live from the kitchen, with guests.\nSecond line of what it is about. '.repeat(3),
      startsAt: new Date(Date.now() + 90 * 60_000),
      poster: { type: 'image/png', bytes },
    })
  })
const openStatistics = (page: Page) => page.keyboard.press('s')

const states: Readonly<Record<string, Arrange>> = {
  empty: (page) => page.evaluate((all) => void showAlone(all), attributes),
  searching: turn('searching'),
  'searching in vain': async (page) => {
    await turn('searching')(page)
    await page.evaluate(() =>
      session.warn(new Error('The tracker wss://tracker.example.org/announce cannot be reached.')),
    )
  },
  waiting: turn('waiting'),
  announced: async (page) => {
    await turn('waiting')(page)
    await announce(page)
    const shown = await page.evaluate(async () => {
      const [title, text] = ['.title', '.text'].map((part) => element.shadowRoot?.querySelector(part)?.textContent)
      const image = new Image()
      image.src = element.nativeEl.poster
      await image.decode()
      return { title, text, width: image.naturalWidth, metadata: element.metadata?.title }
    })
    expect(shown).toMatchObject({ width: 640, title: expect.stringMatching(/^Friday show/), metadata: shown.title })
    expect(shown.text).toMatch(/^Starts at .*\d.*\. The video starts by itself/)
  },
  starting: turn('playing'),
  blocked: async (page) => {
    await page.evaluate(({ autoplay: _, ...all }) => show(all), attributes)
    await page.waitForFunction(() => element.state === 'blocked')
  },
  playing: play,
  'behind live': async (page) => {
    await play(page)
    await page.evaluate(() => {
      element.currentTime = 5
    })
    await page.waitForFunction(() => element.state === 'playing' && element.statistics?.isLive === false)
  },
  paused: async (page) => {
    await play(page)
    await page.evaluate(() => element.pause())
    await page.waitForFunction(() => element.state === 'paused')
  },
  stalled: async (page) => {
    await play(page)
    await page.evaluate(() => {
      session.clip.hold()
      session.turn('stalled')
    })
    await page.waitForFunction(() => element.state === 'stalled')
  },
  'stalled for want of speed': async (page) => {
    await states.stalled?.(page)
    await page.evaluate(() => {
      const message =
        'The connection carries less than the stream takes: this viewer is 12 s behind. Use a faster connection, or ask the broadcaster for a lower bitrate.'
      session.warn(Object.assign(new Error(message), { code: 'ERR_TRANSPORT_TOO_SLOW' }))
    })
    await page
      .locator('hypervision-viewer .text')
      .getByText(/^The connection carries less than the stream takes.*faster connection/)
      .waitFor()
  },
  ended: async (page) => {
    await play(page)
    await page.evaluate(() => {
      session.clip.end()
      session.turn('ended')
    })
    await page.waitForFunction(() => element.state === 'ended')
  },
  ask: (page) => play(page, { upload: 'ask' }),
  'ask while blocked': async (page) => {
    await page.evaluate(({ autoplay: _, ...all }) => show({ ...all, upload: 'ask' }), attributes)
    await page.waitForFunction(() => element.state === 'blocked')
  },
  statistics: async (page) => {
    await play(page)
    await page.locator('hypervision-viewer').click({ position: { x: 150, y: 60 } })
    await page.waitForFunction(() => element.paused)
    await openStatistics(page)
  },
  'error link': fail(
    'ERR_OPTION_LINK',
    '"hypervision:8xk3nq7w1yb5t9ordj6pz4ghacefmiuskx…" is not a hypervision link: its checksum does not fit, so that a letter of it is wrong. Copy the whole link from the broadcaster again.',
  ),
  'error codec': fail(
    'ERR_PLAYBACK_CODEC',
    'This browser cannot play video/webm; codecs="av01.0.04M.08,opus". Another browser may; the broadcaster can choose VP8 and Opus, which nearly all play.',
  ),
  'error WebRTC': fail(
    'ERR_TRANSPORT_UNSUPPORTED',
    'This browser has no WebRTC, or it is switched off. Use a current version of Chrome, Edge, Firefox or Safari.',
  ),
  'error media': fail('ERR_PLAYBACK_MEDIA', 'The browser cannot play this part of the stream: PIPELINE_ERROR_DECODE'),
}

const devices = { telephone: { width: 320, height: 640 }, desk: { width: 1100, height: 700 } }

test('looks right and is accessible in every state, on a telephone and on a desk', async () => {
  const browser = await startChromium()
  const url = await servePage({
    script: 'packages/viewer/test/element-page.ts',
    files: { '/clip.webm': 'packages/cli/assets/clip.webm' },
    plugins: [hypercoreWeb()],
  })
  // Fingers need more room than a mouse does: what fits them fits both.
  const { page, errors } = await openPage(browser, url, { hasTouch: true, viewport: devices.desk })
  const found: Record<string, string[]> = {}
  for (const [name, arrange] of Object.entries(states)) {
    await arrange(page)
    const problems: string[] = []
    for (const [device, viewport] of Object.entries(devices)) {
      await page.setViewportSize(viewport)
      // The controls are in sight.
      await page.mouse.move(20, viewport.height - 20)
      await page.mouse.move(100, 60)
      problems.push(...(await page.evaluate(() => misplaced())))
      if (folder === undefined) continue
      const path = join(folder, `${name.replaceAll(' ', '-')}-${device}.png`)
      await page.locator('hypervision-viewer').screenshot({ path })
    }
    problems.push(...(await page.evaluate(() => audit())))
    if (problems.length > 0) found[name] = problems
    await page.evaluate(() => element.remove())
    await page.setViewportSize(devices.desk)
  }
  expect(errors).toEqual([])
  expect(found).toEqual({})
})
