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

/** A file such as a camera makes: larger than a poster may be. */
async function drawPicture(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1600, 1200)
    const noise = crypto.getRandomValues(new Uint8ClampedArray(48_000))
    for (let row = 0; row < 10; row++) {
      canvas.getContext('2d')?.putImageData(new ImageData(noise, 120, 100), row * 130, row * 90)
    }
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())]
  })
  expect(bytes.length).toBeGreaterThan(131_072)
  return { name: 'poster.png', mimeType: 'image/png', buffer: Buffer.from(bytes) }
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

test('a person goes live, is watched, changes to the screen, and goes off air', { timeout: 300_000 }, async () => {
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
  await expect.poll(async () => (await colour(other))[2]).toBeGreaterThan(200)
  expect(await other.locator('body').getAttribute('data-anew')).toBe(null)
  await own.getByRole('button', { name: 'Picture' }).click()
  await expect.poll(async () => Math.max(...(await colour(other)))).toBeLessThan(40)
  await own.getByRole('button', { name: 'Picture' }).click()

  // The settings hold on air too, and looking at them ends nothing.
  await own.getByRole('link', { name: 'Settings' }).click()
  await own.getByRole('heading', { name: 'Settings' }).waitFor()
  await own.getByRole('combobox', { name: 'Microphone' }).selectOption('none')
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
  // The page still answers: whoever was away at that moment gets the rest, and who comes only now hears that it waits.
  const { page: late, errors: lateErrors } = await open(new URL(address).hash)
  await late.waitForFunction(() => document.querySelector('hypervision-viewer')?.state === 'waiting')
  expect(tracker.stats().connections).toBeGreaterThan(0)
  expect([...ownErrors, ...otherErrors, ...lateErrors]).toEqual([])
})

test('a private broadcast is announced, waited for, and goes on air; who has the whole link sees it, and no server is told', {
  timeout: 300_000,
}, async () => {
  const { browser, open } = await startStudio()
  const { page: own, errors } = await open('#/live')
  await own.getByRole('button', { name: 'Camera' }).click()
  await own.getByLabel('Title').fill('Friday show')
  await own.getByText('Description, start and poster').click()
  await own.getByLabel('Description').fill('Bread and butter')
  await own.getByLabel('Planned start').fill('2099-12-31T20:15')
  const page = { name: 'page.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') }
  await own.getByLabel('Poster').setInputFiles(page)
  await own.getByText('This file is no picture').waitFor()
  await own.getByLabel('Poster').setInputFiles(await drawPicture(own))
  await own.getByRole('img', { name: 'The poster that is chosen' }).waitFor()
  await own.getByRole('radio', { name: 'Private' }).check()
  await own.getByRole('button', { name: 'Announce' }).click()
  await own.getByText('Announced', { exact: true }).waitFor()
  const address = await own.getByLabel('Web link', { exact: true }).inputValue()
  const [, secret = ''] = decodeURIComponent(address).split('#').slice(1)
  expect(secret).toHaveLength(56)
  await own.getByText('QR code', { exact: true }).click()
  expect(await qrText(own)).toBe(address)
  await own.getByText('Put it on your site').click()
  await own.getByText('The markup has the key in it').waitFor()
  await own.getByRole('radio', { name: 'iframe' }).check()
  const frame = await own.getByRole('textbox', { name: 'iframe' }).inputValue()

  const { page: other, errors: otherErrors } = await open('')
  const asked: string[] = []
  other.on('request', (request) => asked.push(request.url(), request.postData() ?? ''))
  other.on('websocket', (socket) => socket.on('framesent', ({ payload }) => asked.push(payload.toString())))
  await other.getByLabel('Paste the link of a broadcast.').fill(address)
  await other.getByRole('button', { name: 'Watch' }).click()
  await other.getByText(/Starts at .*2099.* The video starts by itself/).waitFor()
  await other.getByRole('heading', { name: 'Friday show' }).waitFor()
  expect(await other.locator('.about:not([part])').textContent()).toBe('Bread and butter')
  const poster = await other.evaluate(async () => {
    const { poster } = document.querySelector('hypervision-viewer')?.metadata ?? {}
    if (poster == null) return null
    const { width, height } = await createImageBitmap(new Blob([Uint8Array.from(poster.bytes)]))
    return { type: poster.type, width, height }
  })
  expect(poster).toEqual({ type: 'image/jpeg', width: 960, height: 720 })
  // What is typed now is told to those who wait.
  await own.getByLabel('Title').fill('Saturday show')
  await other.getByRole('heading', { name: 'Saturday show' }).waitFor()
  expect(await other.evaluate(() => document.querySelector('hypervision-viewer')?.state)).toBe('waiting')

  await own.getByRole('button', { name: 'Go on air' }).click()
  await own.getByText('ON AIR', { exact: true }).waitFor()
  await isPlaying(other)
  const site = await openPage(browser, await servePage({ body: frame }))
  await expect.poll(() => site.page.frames().length).toBe(2)
  await isPlaying(site.page.frames().at(-1) ?? site.page)
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter((text) => text.includes(secret))).toEqual([])

  await own.getByRole('button', { name: 'Go off air' }).click()
  await own.getByText('You are off air', { exact: true }).waitFor()
  expect([...errors, ...otherErrors, ...site.errors]).toEqual([])
})

test('a channel that is kept goes on under its link after a reload, and those who watch go on with it', {
  timeout: 300_000,
}, async () => {
  const { open } = await startStudio()
  const { page: own, errors } = await open('#/settings')
  // The browser asks whether to leave a page that is on air.
  own.on('dialog', (dialog) => void dialog.accept())
  await own.evaluate(() => {
    navigator.storage.persist = async () => {
      document.body.dataset.asked = 'to keep it'
      return true
    }
  })
  await own.getByRole('radio', { name: 'Always the same' }).check()
  // Whatever else the disk is needed for.
  expect(await own.evaluate(() => document.body.dataset.asked)).toBe('to keep it')
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
