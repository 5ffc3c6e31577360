// core in real Chromium, as an application's bundler takes it: the `browser` export, no plugin, no configuration.
import { readFile } from 'node:fs/promises'
import { cutWebm } from '@hypervision/core/webm'
import { describe, expect, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../../tests/browser/chromium.ts'
import type {} from './page.ts'

const clip = 'packages/cli/assets/clip.webm'

async function open() {
  const url = await servePage({
    script: 'packages/core/test/browser/page.ts',
    files: { '/clip.webm': clip },
    conditions: [],
  })
  return { url, ...(await openPage(await startChromium(), url)) }
}

describe('core in a page', () => {
  test('broadcasts, watches and records: every block of a clip arrives verified, in order, once, and the recording seeks', async () => {
    const { page, errors } = await open()
    const { hashes, title, recording, isOneError } = await page.evaluate(() => passOn('/clip.webm'))
    let pieces = 0
    async function* chunks() {
      yield new Uint8Array(await readFile(clip))
    }
    for await (const _piece of cutWebm(chunks())) pieces++
    expect(hashes).toHaveLength(pieces)
    expect(new Set(hashes).size).toBe(pieces)
    expect([title, isOneError]).toEqual(['In a page', true])
    const [duration = 0, middle = 0] = await page.evaluate<number[]>(`(async () => {
      const video = document.createElement('video')
      video.src = ${JSON.stringify(recording)}
      await new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }))
      video.currentTime = video.duration / 2
      await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
      return [video.duration, video.currentTime]
    })()`)
    expect(duration).toBeGreaterThan(5)
    expect(middle).toBeCloseTo(duration / 2, 1)
    expect(errors).toEqual([])
  })

  test('keeps a channel in a database of the browser: after a reload it goes on under its link, in one tab at a time', async () => {
    const { page, url } = await open()
    const first = await page.evaluate(() => broadcastFrom('friday', '/clip.webm'))
    expect(first).toEqual({ link: expect.stringMatching(/^hypervision:/), blocks: expect.any(Number) })
    const second = await page.context().newPage()
    await second.goto(url)
    expect(await second.evaluate(() => broadcastFrom('friday', '/clip.webm'))).toEqual({
      code: 'ERR_FEED_STORAGE_IN_USE',
      message: expect.stringContaining('"friday" is open in another tab'),
    })
    await page.reload()
    const again = await page.evaluate(() => broadcastFrom('friday', '/clip.webm'))
    if (!('blocks' in first)) throw new Error(first.message)
    expect(again).toEqual({ link: first.link, blocks: 2 * first.blocks })
  })

  test('says that nothing can be stored where the browser has no database', async () => {
    const { page } = await open()
    await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }))
    await page.reload()
    expect(await page.evaluate(() => broadcastFrom('friday', '/clip.webm'))).toEqual({
      code: 'ERR_FEED_STORAGE',
      message: expect.stringMatching(/it needs IndexedDB.*leave `storage` out/),
    })
  })
})
