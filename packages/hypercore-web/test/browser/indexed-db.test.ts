// hypercore in IndexedDB against what happens to pages: they are reloaded, opened twice, killed, and run out of space.
import type { BrowserContext, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { sharePage } from '../../../../tests/browser/chromium.ts'
import { hypercoreWeb } from '../../src/plugin/esbuild.ts'
import type {} from './indexed-db-page.ts'

/** Kills of the page that one run sees; raise it to look for rare ones. */
const kills = Number(process.env.HYPERVISION_KILLS ?? 4)

const shared = sharePage({
  script: 'packages/hypercore-web/test/browser/indexed-db-page.ts',
  plugins: [hypercoreWeb()],
})

/** A profile of its own. */
async function createProfile(): Promise<{ context: BrowserContext; newPage(): Promise<Page> }> {
  const context = await shared.browser.newContext()
  onTestFinished(() => context.close())
  const newPage = async () => {
    const page = await context.newPage()
    await page.goto(shared.url)
    return page
  }
  return { context, newPage }
}

test('a page that is killed in mid-append loses nothing that was stored, and goes on', async () => {
  const { context, newPage } = await createProfile()
  let stored = 0
  for (let kill = 0; kill < kills; kill++) {
    const page = await newPage()
    const length = await page.evaluate(() => openCore('killed'))
    expect(length).toBeGreaterThanOrEqual(stored)
    // It dies once it has said so often that a block is stored: while it appends the next ones.
    const due = length + 1 + Math.floor(Math.random() * 30)
    const devTools = await context.newCDPSession(page)
    const isDead = page.waitForEvent('crash')
    page.on('console', (message) => {
      stored = Math.max(stored, Number(message.text().replace('stored ', '')))
      if (stored === due) devTools.send('Page.crash').catch(() => {})
    })
    page.evaluate(() => append(1000, 20_000)).catch(() => {})
    await isDead
    await page.close()
  }
  expect(stored).toBeGreaterThanOrEqual(kills)
  const page = await newPage()
  const length = await page.evaluate(() => openCore('killed'))
  expect(length).toBeGreaterThanOrEqual(stored)
  expect(await page.evaluate(() => verified(20_000))).toBe(length)
})

test('one tab at a time has a database; a reload is the same tab, and a tab that closes leaves it to others', async () => {
  const { newPage } = await createProfile()
  const [first, second] = [await newPage(), await newPage()]
  await first.evaluate(() => openCore('locked').then(() => append(3, 100)))
  expect(await second.evaluate(() => codeOfOpening('locked'))).toBe('DATABASE_IN_USE')
  expect(await second.evaluate(() => openCore('another'))).toBe(0)
  await first.reload()
  expect(await first.evaluate(() => openCore('locked'))).toBe(3)
  await first.close()
  expect(await second.evaluate(() => openCore('locked'))).toBe(3)
})

test('says that there is no space, keeps what was stored, and goes on when there is some', async () => {
  const { context, newPage } = await createProfile()
  const page = await newPage()
  const devTools = await context.newCDPSession(page)
  const { origin } = new URL(shared.url)
  await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_500_000 })
  await page.evaluate(() => openCore('full').then(() => append(2, 500_000)))
  expect(await page.evaluate(() => codeOfAppending(500_000))).toBe('DATABASE_FULL')
  expect(await page.evaluate(() => verified(500_000))).toBe(2)
  await devTools.send('Storage.overrideQuotaForOrigin', { origin })
  await page.reload()
  expect(await page.evaluate(() => openCore('full'))).toBe(2)
  // The browser remembers for a while that there was no space.
  await expect.poll(() => page.evaluate(() => codeOfAppending(500_000))).toBe('none')
  expect(await page.evaluate(() => verified(500_000))).toBe(3)
})

test('says so where the browser stores nothing', async () => {
  const { newPage } = await createProfile()
  const page = await newPage()
  await page.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.sandbox.add('allow-scripts')
    frame.src = location.href
    document.body.append(frame)
  })
  const frame = await page.waitForSelector('iframe').then((element) => element.contentFrame())
  await frame?.waitForFunction(() => 'codeOfOpening' in globalThis)
  expect(await frame?.evaluate(() => codeOfOpening('sandboxed'))).toBe('DATABASE_UNAVAILABLE')
})

test('refuses a database that is something else’s, and one that is deleted under it', async () => {
  const { context, newPage } = await createProfile()
  const page = await newPage()
  const other = await page.evaluate(async () => {
    await new Promise((resolve) => {
      indexedDB.open('other').onsuccess = ({ target }) => {
        ;(target as IDBOpenDBRequest).result.close()
        resolve(null)
      }
    })
    return codeOfOpening('other')
  })
  expect(other).toBe('DATABASE_UNAVAILABLE')
  await page.evaluate(() => openCore('deleted').then(() => append(1, 100)))
  const devTools = await context.newCDPSession(page)
  await devTools.send('Storage.clearDataForOrigin', { origin: new URL(shared.url).origin, storageTypes: 'indexeddb' })
  await expect.poll(() => page.evaluate(() => codeOfAppending(100))).toBe('DATABASE_UNAVAILABLE')
})

test('holds no blocks in memory', async () => {
  const { context, newPage } = await createProfile()
  const page = await newPage()
  await page.evaluate(() => openCore('large').then(() => append(12, 1_000_000)))
  expect(await page.evaluate(() => verified(1_000_000))).toBe(12)
  const devTools = await context.newCDPSession(page)
  await devTools.send('HeapProfiler.collectGarbage')
  const usage = (await devTools.send('Runtime.getHeapUsage')) as unknown as { backingStorageSize: number }
  expect(usage.backingStorageSize).toBeLessThan(6_000_000)
})
