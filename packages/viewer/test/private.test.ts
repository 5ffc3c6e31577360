// A private broadcast from Node in pages of real Chromium: who has the secret sees it, others are told what they lack, and nobody is told the secret.
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast, formatLink } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage } from '../../../tests/browser/chromium.ts'
import { clip } from '../../../tests/cli-process.ts'
import type {} from './pages-page.ts'

const shared = sharePage({ script: 'packages/viewer/test/pages-page.ts', plugins: [hypercoreWeb()] })

/** Opens the element on a link; what the page says to any server is noted. */
async function watch(link: string, url: string): Promise<{ page: Page; sent: string[] }> {
  const { page } = await openPage(shared.browser, shared.url)
  onTestFinished(() => page.context().close())
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.url(), request.postData() ?? ''))
  page.on('websocket', (socket) => {
    sent.push(socket.url())
    socket.on('framesent', ({ payload }) => sent.push(payload.toString()))
  })
  await page.evaluate(([channel, address]) => watchChannel(channel, address), [link, url] as const)
  return { page, sent }
}

const wordsOf = async (page: Page): Promise<string> => {
  await page.waitForFunction(() => element.state === 'error')
  return page.evaluate(() => element.shadowRoot?.textContent ?? '')
}

test('a page with the secret plays, one without is told, and no server hears the secret', async () => {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    transports: [webrtc({ trackers: [running.url], iceServers: [] })],
    private: true,
  })
  onTestFinished(() => broadcast.close())
  const [address = '', secret = ''] = broadcast.link.split('#')

  const friend = await watch(broadcast.link, running.url)
  await friend.page.waitForFunction(() => element.state === 'playing' && element.currentTime > 1)
  expect(friend.sent.some((text) => text.startsWith('ws://'))).toBe(true)
  expect(friend.sent.filter((text) => text.includes(secret) || text.includes(address.slice(-56)))).toEqual([])

  const outsider = await watch(address, running.url)
  expect(await wordsOf(outsider.page)).toContain('This broadcast is private')
  const guesser = await watch(formatLink(broadcast.key, new Uint8Array(32).fill(7)), running.url)
  expect(await wordsOf(guesser.page)).toContain('This link does not open the broadcast')

  // The secret is changed on air: who has the old link is told, and sees no garbage before that.
  await broadcast.rotateSecret()
  expect(await wordsOf(friend.page)).toContain('This link is out of date')
})
