// The studio as two people use it: one goes live from a page, the other watches in a page.
import { execFileSync } from 'node:child_process'
import type { Frame, Page } from 'playwright-core'
import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { openPage, servePage } from '../../../tests/browser/chromium.ts'
import { blueScreen } from './blue-screen.ts'
import { startStudio } from './studio-browser.ts'

const figure = (page: Page, name: string) =>
  page.locator('.figures > div:visible', { has: page.getByText(name, { exact: true }) }).locator('dd')

const isPlaying = (page: Page | Frame) =>
  page.waitForFunction(() => {
    const viewer = document.querySelector('hypervision-viewer')
    return viewer?.state === 'playing' && viewer.currentTime > 0
  })

/** What a phone reads of the QR code, as it is on the screen. */
async function qrText(page: Page): Promise<string> {
  const png = await page.getByRole('img', { name: 'QR code of the web link' }).screenshot()
  const toPixels = ['-v', 'error', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-']
  const data = execFileSync(process.env.HYPERVISION_FFMPEG ?? 'ffmpeg', toPixels, { input: png, maxBuffer: 1e8 })
  // https://www.w3.org/TR/png-3/#11IHDR
  return decodeQR({ width: png.readUInt32BE(16), height: png.readUInt32BE(20), data })
}

/** The mean colour of what the player shows. */
const colour = (page: Page) =>
  page.evaluate((): [red: number, green: number, blue: number] => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')
    const video = document.querySelector('hypervision-viewer')?.nativeEl
    if (video !== undefined) context?.drawImage(video, 0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? []
    return [red, green, blue]
  })

test('a person goes live, is watched, changes to the screen, and goes off air', { timeout: 180_000 }, async () => {
  const { browser, open, tracker } = await startStudio()
  const { page: own, errors: ownErrors } = await open('', { init: blueScreen })
  await own.getByRole('link', { name: 'Go live' }).first().click()
  await own.getByRole('button', { name: 'Camera' }).click()
  await own.getByLabel('Title').fill('A <b>show</b>')
  await own.getByRole('button', { name: 'Go on air' }).click()
  await own.getByText('ON AIR', { exact: true }).waitFor()

  // What is shared: an address, the same as a picture, a link, and markup for other sites.
  await own.getByRole('button', { name: 'Copy: Web link' }).click()
  await own.getByText('Copied').waitFor()
  const address = await own.evaluate(() => navigator.clipboard.readText())
  expect(address).toBe(await own.getByLabel('Web link', { exact: true }).inputValue())
  await own.getByText('QR code', { exact: true }).click()
  expect(await qrText(own)).toBe(address)
  await own.getByText('Put it on your site').click()
  const snippet = await own.getByLabel('Script tag and element', { exact: true }).inputValue()
  await own.getByRole('radio', { name: 'iframe' }).check()
  const frame = await own.getByRole('textbox', { name: 'iframe' }).inputValue()

  const { page: other, errors: otherErrors } = await open('')
  await other.getByLabel('Paste the link of a broadcast.').fill(address)
  await other.getByRole('button', { name: 'Watch' }).click()
  await isPlaying(other)
  // A title is text, whatever is in it.
  await other.getByRole('heading', { name: 'A <b>show</b>' }).waitFor()
  await expect.poll(() => figure(other, 'Connected with').textContent()).toBe('1 other')
  await expect.poll(() => figure(own, 'Viewers').textContent()).toBe('1')
  await expect.poll(() => figure(own, 'Uploaded').textContent()).not.toBe('0 kB')
  const [red, green, blue] = await colour(other)
  expect(green).toBeGreaterThan(Math.max(red, blue))

  // The picture changes; the player is not asked to begin anew.
  await other.evaluate(() => {
    document
      .querySelector('hypervision-viewer')
      ?.addEventListener('epoch', () => document.body.setAttribute('data-anew', ''))
  })
  await own.getByRole('button', { name: 'Screen' }).click()
  await expect.poll(async () => (await colour(other))[2], { timeout: 15_000 }).toBeGreaterThan(200)
  expect(await other.locator('body').getAttribute('data-anew')).toBe(null)
  await own.getByRole('button', { name: 'Picture' }).click()
  await expect.poll(async () => Math.max(...(await colour(other))), { timeout: 15_000 }).toBeLessThan(40)
  await own.getByRole('button', { name: 'Picture' }).click()

  // The settings hold on air too, and looking at them ends nothing.
  await own.getByRole('link', { name: 'Settings' }).click()
  await own.getByRole('heading', { name: 'Settings' }).waitFor()
  await own.getByLabel('Microphone', { exact: true }).selectOption('none')
  await own.getByRole('link', { name: 'On air' }).click()
  await own.getByText('ON AIR', { exact: true }).waitFor()
  await expect.poll(() => own.getByRole('button', { name: 'Sound' }).getAttribute('aria-pressed')).toBe('false')

  for (const body of [snippet, frame]) {
    const site = await openPage(browser, await servePage({ body }))
    await expect.poll(() => site.page.frames().length).toBe(body === frame ? 2 : 1)
    await isPlaying(site.page.frames().at(-1) ?? site.page)
    expect(site.errors).toEqual([])
    await site.page.context().close()
  }

  await own.getByRole('button', { name: 'Go off air' }).click()
  await own.getByText('You are off air', { exact: true }).waitFor()
  await other.waitForFunction(() => document.querySelector('hypervision-viewer')?.state === 'ended')
  await expect.poll(() => figure(own, 'Most viewers').textContent()).toMatch(/^[23]$/)
  expect(tracker.stats().connections).toBeGreaterThan(0)
  expect([...ownErrors, ...otherErrors]).toEqual([])
})

test('a channel that is kept goes on under its link after a reload, and those who watch go on with it', {
  timeout: 180_000,
}, async () => {
  const { open } = await startStudio()
  const { page: own, errors } = await open('#/settings')
  // The browser asks whether to leave a page that is on air.
  own.on('dialog', (dialog) => void dialog.accept())
  await own.getByRole('radio', { name: 'Always the same' }).check()
  const goLive = async () => {
    await own.getByRole('link', { name: 'Go live' }).click()
    await own.getByRole('button', { name: 'Camera' }).click()
    await own.getByRole('button', { name: 'Go on air' }).click()
    await own.getByText('ON AIR', { exact: true }).waitFor()
    return own.getByLabel('Web link', { exact: true }).inputValue()
  }
  const address = await goLive()
  const { page: other } = await open(new URL(address).hash)
  await isPlaying(other)
  const before = await other.evaluate(() => {
    document
      .querySelector('hypervision-viewer')
      ?.addEventListener('epoch', () => document.body.setAttribute('data-anew', ''))
    return document.querySelector('hypervision-viewer')?.currentTime ?? 0
  })
  await own.reload()
  expect(await goLive()).toBe(address)
  await other.waitForFunction(() => document.body.hasAttribute('data-anew'))
  await other.waitForFunction((time) => (document.querySelector('hypervision-viewer')?.currentTime ?? 0) > time, before)
  await isPlaying(other)

  await own.getByRole('button', { name: 'Go off air' }).click()
  await own.getByText('You are off air', { exact: true }).waitFor()
  await own.getByRole('link', { name: 'Settings' }).first().click()
  await own.getByRole('button', { name: 'Forget the channel' }).click()
  await own.getByText('The next broadcast has a new link.').waitFor()
  expect(await goLive()).not.toBe(address)
  expect(errors).toEqual([])
})
