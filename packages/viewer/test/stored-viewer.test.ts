// A page that keeps what it watches, against what happens to pages: it is killed while it stores, again and again.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createBroadcast, createViewer } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { expect, onTestFinished, test } from 'vitest'
import { sharePage } from '../../../tests/browser/chromium.ts'
import type {} from './stored-viewer-page.ts'

/** Kills of the page that one run sees; raise it to look for rare ones. */
const kills = Number(process.env.HYPERVISION_KILLS ?? 2)
/** It is killed once it has been given up to so many blocks more than the time before. */
const mostBlocks = 100

const shared = sharePage({ script: 'packages/viewer/test/stored-viewer-page.ts', plugins: [hypercoreWeb()] })

/** Much that is there at once, so that whoever receives it always writes. */
async function* backlog(): AsyncGenerator<Uint8Array> {
  const clip = await readFile(new URL('../../cli/assets/clip.webm', import.meta.url))
  for (let times = 0; times < 10 * kills; times++) yield clip
}

test('a page that is killed while it stores what it watches has all of it the next time, and goes on', {
  timeout: 120_000 + kills * 20_000,
}, async () => {
  const meeting = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => meeting.close())
  const transport = () => webrtc({ trackers: [meeting.url], iceServers: [] })
  const broadcast = await createBroadcast({ capture: backlog(), transports: [transport()] })
  onTestFinished(() => broadcast.close())
  await broadcast.ended
  const { link } = broadcast
  const context = await shared.browser.newContext()
  onTestFinished(() => context.close())

  /** What the page has told since it was opened. */
  const watch = async (isEnough: (blocks: ReadonlyMap<number, string>) => boolean, end: 'kill' | 'close') => {
    const page = await context.newPage()
    await page.goto(shared.url)
    const devTools = await context.newCDPSession(page)
    const blocks = new Map<number, string>()
    const over = new Promise<void>((resolve) => {
      page.on('crash', () => resolve())
      page.on('console', (message) => {
        const [, index, hash] = /^block (\d+) (\w+)$/.exec(message.text()) ?? []
        if (hash === undefined) return
        blocks.set(Number(index), hash)
        if (!isEnough(blocks)) return
        if (end === 'close') resolve()
        else devTools.send('Page.crash').catch(() => {})
      })
    })
    page.evaluate(([channel, address]) => keep(channel, address), [link, meeting.url] as const).catch(() => {})
    await over
    await page.close()
    return blocks
  }
  let stored = 0
  for (let kill = 0; kill < kills; kill++) {
    const due = stored + 1 + Math.floor(Math.random() * mostBlocks)
    const told = await watch((blocks) => blocks.size >= due, 'kill')
    stored = Math.max(stored, told.size)
  }

  const viewer = await createViewer({ link, transports: [transport()], from: 'start' })
  onTestFinished(() => viewer.close())
  const right: string[] = []
  for await (const { bytes } of viewer.blocks) {
    right.push(createHash('sha256').update(bytes).digest('hex'))
    if (right.length > stored + mostBlocks) break
  }
  const all = await watch((blocks) => blocks.size > stored + mostBlocks, 'close')
  expect([...all.values()].slice(0, right.length)).toEqual(right)
  expect([...all.keys()]).toEqual([...all.values()].map((_, at) => at))

  // With nobody there, it has what was stored.
  await Promise.all([viewer.close(), broadcast.close()])
  const alone = await watch((blocks) => blocks.size >= stored, 'close')
  expect([...alone.values()].slice(0, stored)).toEqual(right.slice(0, stored))
})
