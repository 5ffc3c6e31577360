// <hypervision-viewer> in real Chromium: as a media element, as a player with controls, and as something a person reads.
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { type ChromiumOptions, openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './element-page.ts'

async function open({
  mayAutoplay = true,
  hash = '',
  ...options
}: BrowserContextOptions & ChromiumOptions & { hash?: string } = {}): Promise<{
  page: Page
  errors: string[]
  messages: string[]
}> {
  const url = await servePage({
    script: 'packages/viewer/test/element-page.ts',
    files: { '/clip.webm': 'packages/cli/assets/clip.webm' },
    plugins: [hypercoreWeb()],
  })
  return openPage(await startChromium({ mayAutoplay }), `${url}${hash}`, options)
}

const playing = (page: Page) =>
  page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0 && !element.seeking)

describe('as a media element', () => {
  test('plays, pauses, seeks and tells of it as a video does', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '' }))
    await playing(page)
    expect(await page.evaluate(() => [element.paused, element.muted, element.videoWidth, element.duration])).toEqual([
      false,
      true,
      640,
      Number.POSITIVE_INFINITY,
    ])
    await page.evaluate(() => element.pause())
    await page.waitForFunction(() => element.state === 'paused')
    await page.evaluate(() => {
      element.volume = 0.25
      element.currentTime = 1.5
      void element.play()
    })
    await page.waitForFunction(
      () => element.currentTime > 1.5 && element.currentTime < 3 && element.state === 'playing',
    )
    expect(await page.evaluate(() => element.statistics?.isLive)).toBe(false)
    await page.evaluate(() => element.live())
    await page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 3)
    const seen = new Set(await page.evaluate(() => globalThis.seen))
    expect(seen).toEqual(new Set(['play', 'playing', 'pause', 'volumechange', 'timeupdate', 'statechange', 'epoch']))
    expect(errors).toEqual([])
  })

  test("fits into media-chrome's controls, which play, mute, seek and return to live", async () => {
    const { page, errors } = await open()
    await page.evaluate(() => {
      document.body.innerHTML = `<media-controller defaultstreamtype="live"><media-control-bar>
        <media-play-button></media-play-button><media-mute-button></media-mute-button>
        <media-live-button></media-live-button><media-time-range></media-time-range>
      </media-control-bar></media-controller>`
    })
    await page.evaluate(() => show({ slot: 'media', autoplay: '', muted: '' }, 20_000))
    await playing(page)
    await page.waitForFunction(() => !document.querySelector('media-controller')?.hasAttribute('mediapaused'))
    await page.locator('hypervision-viewer').hover()
    await page.locator('media-play-button').click()
    await page.waitForFunction(() => element.paused)
    await page.locator('media-play-button').click()
    await page.locator('media-mute-button').click()
    await page.waitForFunction(() => !element.paused && !element.muted)
    await page.locator('media-time-range').press('ArrowLeft')
    await page.waitForFunction(() => element.statistics?.isLive === false && !element.seeking)
    await page.locator('media-live-button').click()
    await page.waitForFunction(() => element.statistics?.isLive === true)
    expect(errors).toEqual([])
  })

  test('gives the channel back when it is taken from the page, and opens it again when it is put back', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '' }))
    await playing(page)
    await page.evaluate(async () => {
      element.remove()
      await session.closed
    })
    expect(await page.evaluate(() => element.state)).toBe('empty')
    await page.evaluate(() => show({ autoplay: '', muted: '' }))
    await playing(page)
    expect(errors).toEqual([])
  })
})

describe('for a person', () => {
  test('says what it waits for, in words, and begins by itself', async () => {
    const { page } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '', controls: '' }, -60_000))
    const status = page.getByRole('status')
    for (const [state, words] of [
      ['searching', 'Connecting'],
      ['waiting', 'Waiting for the broadcaster'],
    ] as const) {
      await page.evaluate((next) => session.turn(next), state)
      await expect.poll(() => status.textContent()).toContain(words)
    }
  })

  test('asks to be played where the browser does not let it begin', async () => {
    const { page, messages } = await open({ mayAutoplay: false, hash: '#unasked' })
    await expect.poll(() => messages, { timeout: 10_000 }).toContain('state blocked')
    expect(await page.getByText('Press play to watch.').isVisible()).toBe(true)
    await page.locator('.action').click()
    await playing(page)
  })

  test('says what went wrong and tries again', async () => {
    const { page } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '', controls: '' }))
    await playing(page)
    await page.evaluate(() => session.fail(Object.assign(new Error('The disk is full. Free some space.'))))
    await page.waitForFunction(() => element.state === 'error')
    await expect.poll(() => page.getByRole('status').textContent()).toContain('The disk is full. Free some space.')
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true)
  })

  test('passes nothing on before a person who has to be asked has said yes', async () => {
    const { page } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '', upload: 'ask' }))
    await playing(page)
    expect(await page.evaluate(() => session.uploads)).toBe(false)
    await page.getByRole('button', { name: 'Pass it on' }).click()
    expect(await page.evaluate(() => session.uploads)).toBe(true)
    expect(await page.evaluate(() => seen.includes('uploadchange'))).toBe(true)
    expect(await page.getByRole('button', { name: 'Pass it on' }).isVisible()).toBe(false)
    await page.evaluate(() => element.setAttribute('upload', 'off'))
    expect(await page.evaluate(() => session.uploads)).toBe(false)
  })

  test('has controls by mouse and keyboard: play, mute, live, statistics, full screen', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '', controls: '' }))
    await playing(page)
    await page.locator('hypervision-viewer').hover()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.waitForFunction(() => element.paused)
    await page.keyboard.press('k')
    await page.waitForFunction(() => !element.paused)
    await page.keyboard.press('m')
    await page.waitForFunction(() => !element.muted)
    await page.getByRole('button', { name: 'Statistics' }).click()
    await expect.poll(() => page.locator('.figures').textContent()).toContain('812 kbit/s')
    await page.evaluate(() => {
      element.currentTime = 1
    })
    await page.waitForFunction(() => element.statistics?.isLive === false && element.currentTime < 3)
    await page.getByRole('button', { name: 'Live' }).click()
    await page.waitForFunction(() => element.statistics?.isLive)
    await page.keyboard.press('f')
    await page.waitForFunction(() => document.fullscreenElement !== null)
    await page.keyboard.press('f')
    await page.waitForFunction(() => document.fullscreenElement === null)
    expect(errors).toEqual([])
  })
})
