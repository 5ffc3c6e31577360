// Pages that serve each other, in real Chromium.
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './swarm-page.ts'

/** Waits until the player of a page has a picture that moves. */
async function expectPlaying(page: Page): Promise<void> {
  const start = await page.waitForFunction(() => (element.state === 'playing' ? element.currentTime : null))
  const before = await page.evaluate(() => picture())
  await page.waitForFunction((to) => element.currentTime > to, Number(await start.jsonValue()) + 1)
  expect(await page.evaluate(() => picture())).not.toEqual(before)
}

test('a third page is served by the second where the broadcaster takes one connection', async () => {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  const script = await servePage({ script: 'packages/viewer/test/swarm-page.ts', plugins: [hypercoreWeb()] })
  const browser = await startChromium()
  const open = () => openPage(browser, script)
  const maker = await open()
  const link = await maker.page.evaluate((address) => broadcastCanvas(address, { maxPeers: 1 }), running.url)
  const watchers: Page[] = []
  for (let count = 0; count < 2; count++) {
    const { page } = await open()
    await page.evaluate(([channel, address]) => watch(channel, address), [link, running.url] as const)
    await expectPlaying(page)
    watchers.push(page)
  }
  expect(await maker.page.evaluate(() => broadcast.stats().peers.length)).toBe(1)
})
