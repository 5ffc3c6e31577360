// <hypervision-viewer> in real Chromium: as a media element, as a player with controls, and as something a person reads.
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './element-page.ts'

const shared = sharePage({
  script: 'packages/viewer/test/element-page.ts',
  files: { '/clip.webm': 'packages/cli/assets/clip.webm' },
  plugins: [hypercoreWeb()],
})

async function open(options: BrowserContextOptions = {}) {
  const opened = await openPage(shared.browser, shared.url, options)
  onTestFinished(() => opened.page.context().close())
  return opened
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

test('plays through a managed source where there is no other, also when that drops what it likes', async () => {
  const { page, errors } = await open()
  await page.evaluate(() => onlyManagedMediaSource())
  await page.evaluate(() => show({ autoplay: '', muted: '' }, 20_000))
  await playing(page)
  expect(await page.evaluate(() => element.nativeEl.disableRemotePlayback)).toBe(true)
  await page.evaluate(() => {
    element.currentTime = 3
  })
  await page.waitForFunction(() => element.currentTime > 4 && element.state === 'playing')
  await page.evaluate(() => element.live())
  await page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 20)
  // What was played before is gone from the browser by its own decision, and is fetched anew.
  await page.evaluate(() => evict(0, 15))
  await page.evaluate(() => {
    element.currentTime = 3
  })
  await page.waitForFunction(() => element.currentTime > 3 && element.currentTime < 10 && element.state === 'playing')
  expect(errors).toEqual([])
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

  test('asks to be played where the browser does not let it begin, and again where that is refused', async () => {
    const browser = await startChromium({ mayAutoplay: false })
    const { page, errors, messages } = await openPage(browser, `${shared.url}#unasked`)
    await expect.poll(() => messages).toContain('state blocked')
    expect(await page.getByText('Press play to watch.').isVisible()).toBe(true)
    await page.evaluate(() => {
      element.nativeEl.play = () => Promise.reject(new DOMException('Not now.', 'NotAllowedError'))
    })
    for (const button of ['button.action', 'button.play']) await page.locator(button).click()
    expect(await page.evaluate(() => element.state)).toBe('blocked')
    await page.evaluate(() => Reflect.deleteProperty(element.nativeEl, 'play'))
    await page.locator('button.action').click()
    await playing(page)
    expect(errors).toEqual([])
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

  test('has controls by mouse and keyboard: play, sound, live, time, statistics, full screen', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => show({ autoplay: '', muted: '', controls: '' }, 30_000))
    await playing(page)
    const button = (name: string | RegExp) => page.getByRole('button', { name })
    await page.locator('hypervision-viewer').hover()
    await button('Pause').click()
    await page.waitForFunction(() => element.paused)
    await button('Play').click()
    await page.waitForFunction(() => !element.paused)
    await page.keyboard.press('k')
    await page.waitForFunction(() => element.paused)
    // The space bar is the button's while that has the focus, and the player's elsewhere.
    await page.keyboard.press(' ')
    await page.waitForFunction(() => !element.paused)
    await button('Unmute').click()
    await page.waitForFunction(() => !element.muted && element.volume === 1)
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(() => element.volume)).toBeCloseTo(0.95)
    const volume = page.getByRole('slider', { name: 'Volume' })
    await volume.press('Home')
    await page.waitForFunction(() => element.muted)
    await expect.poll(() => volume.getAttribute('aria-valuetext')).toBe('muted')
    await page.keyboard.press('m')
    await page.waitForFunction(() => !element.muted && element.volume === 0.5)

    await button('Statistics').click()
    await expect.poll(() => page.locator('.figures').textContent()).toContain('812 kbit/s')
    await page.keyboard.press('s')
    expect(await page.locator('.figures').isVisible()).toBe(false)

    const time = page.getByRole('slider', { name: 'Time' })
    await time.press('ArrowLeft')
    await page.waitForFunction(() => element.statistics?.isLive === false && !element.seeking)
    expect(await time.getAttribute('aria-valuetext')).toMatch(/^0:\d\d behind live$/)
    await button(/^Go live, 0:\d\d behind$/).click()
    await page.waitForFunction(() => element.statistics?.isLive)
    await time.press('Home')
    await page.waitForFunction(() => element.currentTime < 5 && !element.seeking)
    await page.keyboard.press('End')
    await page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 25)
    const box = await time.boundingBox()
    // Controls that have gone meanwhile come back first, as they do under a hand that moves there.
    await time.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } })
    await page.waitForFunction(() => element.currentTime > 10 && element.currentTime < 22 && !element.seeking)
    await page.keyboard.press('l')
    await page.waitForFunction(() => element.statistics?.isLive)

    await button('Full screen').click()
    await page.waitForFunction(() => document.fullscreenElement !== null)
    await button('Leave full screen').click()
    await page.waitForFunction(() => document.fullscreenElement === null)
    await page.locator('hypervision-viewer').hover()
    await button('Picture in picture').click()
    await page.waitForFunction(() => document.pictureInPictureElement === element)
    await page.keyboard.press('p')
    await page.waitForFunction(() => document.pictureInPictureElement === null)
    expect(errors).toEqual([])
  })

  test('takes its controls off the picture while nobody uses them, and leaves keys alone that are not its own', async () => {
    const { page } = await open({ hasTouch: true })
    await page.evaluate(() => show({ autoplay: '', muted: '', controls: '' }))
    await playing(page)
    const bar = page.locator('.bar')
    const opacity = () => bar.evaluate((one) => Number(getComputedStyle(one).opacity))
    await expect.poll(opacity).toBe(0)
    // A tap brings them back and does nothing else.
    await page.locator('hypervision-viewer').tap({ position: { x: 300, y: 100 } })
    await expect.poll(opacity).toBe(1)
    expect(await page.evaluate(() => element.paused)).toBe(false)
    await expect.poll(opacity).toBe(0)
    // So does a key that moves the focus into them, and there they stay.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect.poll(opacity).toBe(1)
    await page.evaluate(() => element.removeAttribute('controls'))
    await page.keyboard.press('k')
    expect(await page.evaluate(() => element.paused)).toBe(false)
  })
})
