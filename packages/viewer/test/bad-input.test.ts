// What a page may be given that it cannot use: a person is told in words, and the page goes on.
import type { AddressInfo } from 'node:net'
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast, formatLink } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './element-page.ts'
import type {} from './swarm-page.ts'

const link = formatLink(new Uint8Array(32).fill(7))
const src = link
const trackers = 'ws://127.0.0.1:1'

/** What is wrong, how it comes about, and what a person reads. */
const mistakes: readonly [name: string, bring: (page: Page) => Promise<unknown>, words: readonly string[]][] = [
  [
    'a link with a typo',
    (page) =>
      page.evaluate((all) => void showAlone(all), {
        trackers,
        src: link.replace(/.$/, (last) => (last === 'y' ? 'b' : 'y')),
      }),
    ['This link has a mistake', 'Copy the whole link from the broadcaster again.'],
  ],
  [
    'no tracker',
    (page) => page.evaluate((all) => void showAlone(all), { src }),
    ['This player is not set up right', 'name one in the attribute `trackers`'],
  ],
  [
    'a tracker with an address that is none',
    (page) => page.evaluate((all) => void showAlone(all), { src, trackers: 'tracker.example' }),
    ['This player is not set up right', '"tracker.example" is not the address of a tracker'],
  ],
  [
    'no WebRTC',
    (page) =>
      page.evaluate(
        (all) => {
          Object.assign(globalThis, { RTCPeerConnection: undefined })
          showAlone(all)
        },
        { src, trackers },
      ),
    ['This browser cannot connect to others', 'This browser has no WebRTC, or it is switched off.'],
  ],
  [
    'a codec that the browser does not have',
    (page) =>
      page.evaluate(() => {
        globalThis.has = MediaSource.isTypeSupported
        MediaSource.isTypeSupported = () => false
        return show({})
      }),
    ['This browser cannot play this video', 'This browser cannot play video/webm; codecs="vp8,opus".'],
  ],
  [
    'no Media Source',
    (page) =>
      page.evaluate(() => {
        globalThis.Source = MediaSource
        MediaSource.isTypeSupported = has
        Object.assign(globalThis, { MediaSource: undefined })
        return show({})
      }),
    ['This browser cannot play live video', 'This browser has no Media Source'],
  ],
]

declare global {
  var has: typeof MediaSource.isTypeSupported
  var Source: typeof MediaSource
}

test('a person is told what is wrong with the link, the page or the browser, and the page plays what it can', async () => {
  const url = await servePage({
    script: 'packages/viewer/test/element-page.ts',
    files: { '/clip.webm': 'packages/cli/assets/clip.webm' },
    plugins: [hypercoreWeb()],
  })
  const { page, errors } = await openPage(await startChromium(), url)
  const read: Record<string, string> = {}
  for (const [name, bring] of mistakes) {
    await bring(page)
    await page.waitForFunction(() => element.state === 'error')
    read[name] = (await page.getByRole('status').textContent()) ?? ''
    expect(await page.getByRole('button', { name: 'Try again' }).count(), name).toBe(0)
    await page.evaluate(() => element.remove())
  }
  for (const [name, , words] of mistakes) for (const part of words) expect(read[name], name).toContain(part)
  await page.evaluate(() => {
    globalThis.MediaSource = Source
    return show({ autoplay: '', muted: '' })
  })
  await page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0)
  expect(errors).toEqual([])
})

/** Descriptions that are none, in messages that a tracker would send. */
const forged = (infoHash: string): readonly (string | Buffer)[] => {
  const sdps = [
    '',
    'v=0\r\n',
    'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'.repeat(50),
    `v=0\r\n${'a=x\r\n'.repeat(9000)}`,
    { toString: 1 },
  ]
  const from = { action: 'announce', info_hash: infoHash, peer_id: 'x'.repeat(20), offer_id: 'y'.repeat(20) }
  return [
    ...sdps.map((sdp) => JSON.stringify({ ...from, offer: { type: 'offer', sdp } })),
    ...sdps.map((sdp) => JSON.stringify({ ...from, answer: { type: 'answer', sdp } })),
    ...['null', '[]', '{"action":"announce"}', 'hello', '{'.repeat(10_000)],
    JSON.stringify({ ...from, interval: -1e9, complete: 'many', incomplete: null }),
  ]
}

/** A WebSocket server that is no tracker; it begins with what `first` says. */
async function startJunk(first: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (text) => {
      first(socket)
      for (const message of forged(JSON.parse(String(text)).info_hash)) socket.send(message)
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('trackers that send junk and a peer that sends too much are named or dropped, and playback goes on', async () => {
  const [wordy, huge] = [
    await startJunk((socket) => socket.send('<!doctype html>')),
    await startJunk((socket) => socket.send('x'.repeat(1_000_000))),
  ]
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  const broadcast = await createBroadcast({
    capture: webmFile(new URL('../../cli/assets/clip.webm', import.meta.url).pathname, { loop: true }),
    transports: [webrtc({ trackers: [running.url], iceServers: [] })],
  })
  onTestFinished(() => broadcast.close())
  const url = await servePage({ script: 'packages/viewer/test/swarm-page.ts', plugins: [hypercoreWeb()] })
  const browser = await startChromium()

  // Nobody is found through those two, and the person is told why.
  const lost = await openPage(browser, url)
  await lost.page.evaluate(([channel, all]) => watch(channel, all), [broadcast.link, wordy] as const)
  const words = `The tracker ${wordy} does not speak the protocol of WebTorrent trackers.`
  await expect.poll(() => lost.page.getByRole('status').textContent()).toContain(words)

  const { page, errors } = await openPage(browser, url)
  const all = `${wordy} ${huge} ${running.url}`
  await page.evaluate(([channel, addresses]) => watch(channel, addresses), [broadcast.link, all] as const)
  await page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0)
  await page.waitForFunction(() => warnings.length >= 2)
  const warned = await page.evaluate(() => warnings.join('\n'))
  expect(warned).toContain(words)
  expect(warned).toContain(`The tracker ${huge} is gone: it sent a message that no tracker sends.`)

  // Its descriptions are in order, so that it is let in; what it sends then is five times as long as a message may be.
  const evil = await openPage(browser, url)
  await evil.page.evaluate(() => {
    globalThis.sent = 0
    const { send } = RTCDataChannel.prototype
    RTCDataChannel.prototype.send = function () {
      sent++
      send.call(this as RTCDataChannel, new Uint8Array(250_000))
    }
  })
  await evil.page.evaluate(([channel, address]) => watch(channel, address), [broadcast.link, running.url] as const)
  await evil.page.waitForFunction(() => sent > 0)
  const time = await page.evaluate(() => element.currentTime)
  await page.waitForFunction((start) => element.state === 'playing' && element.currentTime > start + 3, time)
  expect(await evil.page.evaluate(() => element.state)).toBe('searching')
  expect([...errors, ...lost.errors]).toEqual([])
})

declare global {
  /** Messages that the page of the bad peer has sent. */
  var sent: number
}
