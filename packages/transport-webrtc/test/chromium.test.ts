import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type { IceServer } from '../src/index.ts'
import { type Tracker, tracker } from '../src/tracker/index.ts'
import type {} from './chromium-page.ts'
import { checksum, pattern } from './pattern.ts'
import { closed, newKeyPair, newTopic, received, startNode } from './test-node.ts'

const megabyte = 1024 * 1024
/** What a writer may get rid of while nobody reads: the window, and what streams and the channel keep at either end. */
const mostInFlight = 4 * megabyte

let running: Tracker
beforeEach(async () => {
  running = await tracker({ port: 0 })
  return () => running.close()
})

async function startPage(page: Page, topic: Uint8Array, turn?: IceServer): Promise<void> {
  const { publicKey, secretKey } = newKeyPair()
  await page.evaluate((options) => globalThis.peer.start(options), {
    tracker: running.url,
    topic: [...topic],
    publicKey: [...publicKey],
    secretKey: [...secretKey],
    ...(turn === undefined ? {} : { turn }),
  })
}

test('two tabs of separate contexts and a Node peer are all connected, and exchange bytes both ways', async () => {
  const url = await servePage({ script: 'packages/transport-webrtc/test/chromium-page.ts' })
  const browser = await startChromium()
  const topic = newTopic()
  const node = await startNode({ trackers: [running.url] })
  await node.join(topic).ready
  const tabs = [await openPage(browser, url), await openPage(browser, url)]
  for (const { page } of tabs) await startPage(page, topic)
  const pages = tabs.map(({ page }) => page)
  const roles = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.peer.connected(2))))
  const ends = [await node.connected(1), await node.connected(2)]
  // Of three connections each has one who called.
  expect([...roles.flat(), ...ends.map(({ initiator }) => initiator)].filter((isCaller) => isCaller)).toHaveLength(3)

  const length = 3 * megabyte
  const sum = checksum(pattern(length, 7))
  const sums = pages.flatMap((page) => [
    page.evaluate((bytes) => globalThis.peer.receive(0, bytes), length),
    page.evaluate((bytes) => globalThis.peer.receive(1, bytes), length),
  ])
  const atNode = ends.map((end) => received(end, length))
  for (const page of pages) {
    for (const connection of [0, 1]) {
      void page.evaluate((index) => globalThis.peer.send(index, 0, 3 * 1024 * 1024, 7), connection)
    }
  }
  for (const { stream } of ends) stream.write(pattern(length, 7))
  expect(await Promise.all(sums)).toEqual([sum, sum, sum, sum])
  for (const bytes of await Promise.all(atNode)) expect(checksum(bytes)).toBe(sum)
  expect(tabs.flatMap(({ errors }) => errors)).toEqual([])
  expect(node.errors).toEqual([])
})

test('a writer in a tab is held back while Node does not read, and one in Node while the tab does not', async () => {
  const url = await servePage({ script: 'packages/transport-webrtc/test/chromium-page.ts' })
  const browser = await startChromium()
  const topic = newTopic()
  const node = await startNode({ trackers: [running.url] })
  await node.join(topic).ready
  const { page, errors } = await openPage(browser, url)
  await startPage(page, topic)
  const end = await node.connected(1)
  await page.evaluate(() => globalThis.peer.connected(1))

  const written = await page.evaluate(() => globalThis.peer.fill(0, 3))
  expect(written).toBeLessThan(mostInFlight)
  const bytes = await received(end, written)
  expect(bytes.subarray(written - 64 * 1024)).toEqual(pattern(64 * 1024, 3))

  let sent = 0
  let isHeld = false
  end.stream.on('drain', () => {
    isHeld = false
  })
  const chunk = pattern(64 * 1024, 5)
  for (let quiet = 0; quiet < 50; quiet++) {
    while (!isHeld) {
      isHeld = !end.stream.write(chunk)
      sent += chunk.byteLength
      quiet = 0
      if (sent > mostInFlight) break
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(sent).toBeLessThan(mostInFlight)
  await page.evaluate((length) => globalThis.peer.receive(0, length), sent)
  expect(errors).toEqual([])
})

test('a tab that must not show its address tells none, neither when it calls nor when it is called', async () => {
  const url = await servePage({ script: 'packages/transport-webrtc/test/chromium-page.ts' })
  const { page } = await openPage(await startChromium(), url)
  const sent = { offer: [] as string[], answer: [] as string[] }
  const hasSent = new Promise<void>((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(String(payload)) as {
          offers?: { offer: { sdp: string } }[]
          answer?: { sdp: string }
        }
        for (const { offer } of message.offers ?? []) sent.offer.push(offer.sdp)
        if (message.answer !== undefined) sent.answer.push(message.answer.sdp)
        if (sent.offer.length > 0 && sent.answer.length > 0) resolve()
      }),
    )
  })
  const topic = newTopic()
  const before = await startNode({ trackers: [running.url] })
  await before.join(topic).ready
  // Nobody relays there: a tab that is strict has nothing to tell.
  await startPage(page, topic, { urls: 'turn:127.0.0.1:9', username: 'me', credential: 'secret' })
  const after = await startNode({ trackers: [running.url] })
  await after.join(topic).ready
  await hasSent
  for (const sdp of [...sent.offer, ...sent.answer]) {
    expect(sdp).toMatch(/^v=0\r\n/)
    expect(sdp).not.toMatch(/ typ (host|srflx|prflx)/)
    expect(sdp).toMatch(/\r\nc=IN IP4 0\.0\.0\.0\r\n/)
    expect(sdp).not.toMatch(/raddr (?!0\.0\.0\.0)/)
  }
})

test('a tab whose process dies is gone for the others, and one that is closed too', async () => {
  const url = await servePage({ script: 'packages/transport-webrtc/test/chromium-page.ts' })
  const browser = await startChromium()
  const topic = newTopic()
  const node = await startNode({ trackers: [running.url] })
  await node.join(topic).ready
  const [dying, closing, staying] = [
    await openPage(browser, url),
    await openPage(browser, url),
    await openPage(browser, url),
  ]
  await startPage(staying.page, topic)
  await node.connected(1)
  await startPage(dying.page, topic)
  const dead = await node.connected(2)
  await staying.page.evaluate(() => globalThis.peer.connected(2))
  await startPage(closing.page, topic)
  const left = await node.connected(3)
  await staying.page.evaluate(() => globalThis.peer.connected(3))

  const lost = [closed(dead), staying.page.evaluate(() => globalThis.peer.closed(1))]
  const devTools = await dying.page.context().newCDPSession(dying.page)
  // No answer comes to this: there is nobody left to give one.
  devTools.send('Page.crash').catch(() => {})
  await Promise.all(lost)

  await closing.page.close()
  await closed(left)
  expect(node.connections.filter(({ stream }) => !stream.destroyed)).toHaveLength(1)
})
