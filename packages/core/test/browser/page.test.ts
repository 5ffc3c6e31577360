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
  return openPage(await startChromium(), url)
}

describe('core in a page', () => {
  test('broadcasts and watches: every block of a clip arrives verified, in order, once', async () => {
    const { page, errors } = await open()
    const { hashes, title, isOneError } = await page.evaluate(() => passOn('/clip.webm'))
    let pieces = 0
    async function* chunks() {
      yield new Uint8Array(await readFile(clip))
    }
    for await (const _piece of cutWebm(chunks())) pieces++
    expect(hashes).toHaveLength(pieces)
    expect(new Set(hashes).size).toBe(pieces)
    expect([title, isOneError]).toEqual(['In a page', true])
    expect(errors).toEqual([])
  })

  test('says that there are no folders', async () => {
    const { page } = await open()
    expect(await page.evaluate(() => openFolder())).toEqual({
      code: 'ERR_FEED_STORAGE',
      message: expect.stringContaining('there are no folders in a page'),
    })
  })
})
