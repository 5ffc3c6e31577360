// The studio in real Firefox: one window goes live with a camera, another one watches.
import { fileURLToPath } from 'node:url'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'puppeteer-core'
import { preview } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { startFirefox } from '../../../tests/browser/firefox.ts'
import { blueScreen } from './blue-screen.ts'

/** A busy machine encodes and decodes slowly without a graphics card. */
const timeoutMs = 60_000

/** The studio's address, with a tracker of the test's own. */
async function serveStudio(): Promise<string> {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  const site = JSON.stringify({ trackers: [running.url], iceServers: [] })
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 0 },
    plugins: [
      {
        name: 'site',
        configurePreviewServer: ({ middlewares }) =>
          void middlewares.use('/studio.json', (_request, response) => response.end(site)),
      },
    ],
  })
  onTestFinished(async () => {
    await server.close()
    await running.close()
  })
  return server.resolvedUrls?.local[0] ?? ''
}

const press = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const says = (page: Page, words: string) => page.locator(`::-p-text(${words})`).wait()
const webLink = (page: Page) =>
  page.$eval('::-p-aria([name="Web link"][role="textbox"])', (field) => (field as HTMLInputElement).value)

async function goLive(page: Page): Promise<string> {
  await press(page, 'Camera')
  await press(page, 'Go on air')
  await says(page, 'ON AIR')
  return webLink(page)
}

/** Waits until the picture moves on, is newer than all that has come by now, and is or is not blue. */
async function seesMoving(page: Page, isBlue: boolean): Promise<void> {
  const newest = await page.waitForFunction(
    () => document.querySelector('hypervision-viewer')?.statistics?.seekable?.[1],
  )
  await page.waitForFunction(
    (wanted, from) => {
      const viewer = document.querySelector('hypervision-viewer')
      const context = new OffscreenCanvas(1, 1).getContext('2d')
      if (viewer === null || context === null || viewer.state !== 'playing') return false
      if (viewer.currentTime <= from) return false
      context.drawImage(viewer.nativeEl, 0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
      return (red < 40 && green < 40 && blue > 200) === wanted
    },
    {},
    isBlue,
    Number(await newest.jsonValue()) + 1.5,
  )
}

test('a person goes live, is watched, changes to the screen and back, reloads and goes on under the same link', {
  timeout: 300_000,
}, async () => {
  const url = await serveStudio()
  const firefox = await startFirefox()
  onTestFinished(() => firefox.close())
  const { page: own, errors } = await firefox.open(`${url}#/settings`)
  own.setDefaultTimeout(timeoutMs)
  await own.evaluate(blueScreen)
  await own.locator('label::-p-text(Always the same)').click()
  await own.locator('::-p-aria([name="Go live"][role="link"])').click()
  const address = await goLive(own)
  const { page: other, errors: otherErrors } = await firefox.open(address)
  other.setDefaultTimeout(timeoutMs)
  await seesMoving(other, false)
  await press(own, 'Screen')
  await seesMoving(other, true)
  await press(own, 'Camera')
  await seesMoving(other, false)

  // The browser asks whether to leave a page that is on air.
  own.on('dialog', (dialog) => void dialog.accept())
  await own.reload()
  await own.locator('::-p-aria([name="Go live"][role="link"])').click()
  expect(await goLive(own)).toBe(address)
  await seesMoving(other, false)
  await press(own, 'Go off air')
  await says(own, 'You are off air')
  await other.waitForFunction(() => document.querySelector('hypervision-viewer')?.state === 'ended')
  // It tells of a peer that is gone since the reload.
  const unexpected = [...errors, ...otherErrors].filter((error) => !error.includes('WebRTC: ICE failed'))
  expect(unexpected).toEqual([])
})
