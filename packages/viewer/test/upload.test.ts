// Whoever has to be asked passes nothing on before they have said yes: counted at the other end, where a viewer has nobody else to get
// the stream from.
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast, createViewer } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { expect, onTestFinished, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './swarm-page.ts'

/** What two connected peers say to each other without a single block of video, bytes. */
const mostTalk = 20_000

test('uploads no block before the person has agreed, and does from then on', async () => {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  const transports = [webrtc({ trackers: [running.url], iceServers: [] })]
  const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname
  // The page takes the only place that there is.
  const broadcast = await createBroadcast({ capture: webmFile(clip, { loop: true }), transports, maxPeers: 1 })
  onTestFinished(() => broadcast.close())
  const url = await servePage({ script: 'packages/viewer/test/swarm-page.ts', plugins: [hypercoreWeb()] })
  const { page, errors } = await openPage(await startChromium(), url)
  const watching = [broadcast.link, running.url] as const
  await page.evaluate(([link, address]) => watch(link, address, { upload: 'ask' }), watching)
  await page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0)

  const viewer = await createViewer({
    link: broadcast.link,
    transports: [webrtc({ trackers: [running.url], iceServers: [] })],
  })
  onTestFinished(() => viewer.close())
  const bytes = (async () => {
    for await (const chunk of viewer.stream) return chunk
  })()
  bytes.catch(() => {})
  await expect.poll(() => viewer.stats().peers.length).toBe(1)
  const seconds = await page.evaluate(() => element.currentTime)
  await page.waitForFunction((start) => element.currentTime > start + 4, seconds)
  const before = viewer.stats()
  expect([before.peers.length, before.verifiedBlocks, before.streamBytes]).toEqual([1, 0, 0])
  expect(before.bytesDown).toBeLessThan(mostTalk)

  await page.getByRole('button', { name: 'Pass it on' }).click()
  await expect.poll(() => viewer.stats().verifiedBlocks).toBeGreaterThan(10)
  expect((await bytes)?.length).toBeGreaterThan(0)
  expect(errors).toEqual([])
})
