// What pages with `relayOnly` show of where they are: two of them, and one in Node that does without, connect through a real TURN server, and
// neither what the pages say nor what they try has any address but the server's. It fails where one has.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type RtcPeerConnectionClass, webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/chromium.mjs'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { servePage } from '../browser/serve-page.ts'
import type { PeerPlan } from './page.ts'
import { startTurnServer, type TurnServer } from './turn-server.ts'

const bytes = 1_000_000

export const bench: Bench = {
  name: 'relay-only',
  title: 'Two pages and Node through coturn: candidates that pages tell, and pairs of candidates, by type',

  async run({ log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const turn = await startTurnServer()
    const meeting = await tracker({ port: 0, host: '127.0.0.1' })
    const served = await servePage(fileURLToPath(new URL('./page.ts', import.meta.url)))
    const browser = await launchChromium()
    const stop = () => void browser.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const rows: Row[] = []
      // Without it, the same measures find the addresses: they are not blind.
      for (const isRelayOnly of [false, true]) {
        log(isRelayOnly ? 'with relayOnly' : 'without')
        rows.push(...(await measure(browser, served.url, meeting.url, turn, isRelayOnly)))
      }
      demandRelays(rows)
      return rows
    } finally {
      signal.removeEventListener('abort', stop)
      await browser.close()
      served.close()
      await meeting.close()
      await turn.close()
    }
  },
}

async function measure(
  browser: Browser,
  url: string,
  meeting: string,
  { urls, username, credential }: TurnServer,
  isRelayOnly: boolean,
): Promise<Row[]> {
  const topic = [...randomBytes(32)]
  const turn = { urls, username, credential }
  const plan = (): PeerPlan => ({ tracker: meeting, turn, isRelayOnly, topic, ...newKeys() })
  const told: string[] = []
  const pages: Page[] = []
  while (pages.length < 2) {
    const page = await (await browser.newContext()).newPage()
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => told.push(String(payload))))
    await page.goto(url)
    await page.evaluate((all) => startPeer(all), plan())
    pages.push(page)
  }
  const node = await startInNode(plan())
  const inPages = pages.map((page) => page.evaluate(([count, size]) => exchange(count, size), [2, bytes] as const))
  await Promise.all([...inPages, node.exchange(2)])
  const own = (await Promise.all(pages.map((page) => page.evaluate(() => ownEnds())))).flat()
  const relays = new Set(told.flatMap(relayAddresses))
  const remote = node.remoteEnds().map(({ type, address }) => (relays.has(address) ? 'relay' : type))
  await node.close()
  for (const page of pages) await page.context().close()
  const name = isRelayOnly ? 'relayOnly' : 'without'
  return [
    { case: `${name}: candidates that pages tell`, ...countTypes(told.flatMap(candidateTypes)) },
    { case: `${name}: own ends of all pairs that pages tried`, ...countTypes(own) },
    { case: `${name}: pages as Node reaches them`, ...countTypes(remote) },
  ]
}

function newKeys(): { publicKey: number[]; secretKey: number[] } {
  const pair = generateKeyPairSync('ed25519')
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const seed = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
  return { publicKey: [...publicKey], secretKey: [...seed, ...publicKey] }
}

/** What stands behind `typ` in a message, for each candidate; an address of a description itself counts as a host's. */
function candidateTypes(message: string): string[] {
  const types = [...message.matchAll(/a=candidate:[^\\]* typ (\w+)/g)].map(([, type]) => type ?? '')
  const own = [...message.matchAll(/(?:c=IN IP4|raddr) (?!0\.0\.0\.0|127\.0\.0\.1)[\d.]+/g)].map(() => 'host')
  return [...types, ...own]
}

/** Of the relays in a message. A peer that is called from one before it was told has it as an address like any other. */
function relayAddresses(message: string): string[] {
  return [...message.matchAll(/ (\S+ \d+) typ relay/g)].map(([, address]) => address ?? '')
}

function countTypes(types: readonly string[]): { host: number; srflx: number; prflx: number; relay: number } {
  const count = (wanted: string): number => types.filter((type) => type === wanted).length
  return { host: count('host'), srflx: count('srflx'), prflx: count('prflx'), relay: count('relay') }
}

function demandRelays(rows: readonly Row[]): void {
  for (const { case: name, host, srflx, prflx, relay } of rows) {
    const others = Number(host) + Number(srflx) + Number(prflx)
    if (name.startsWith('relayOnly') ? others > 0 || relay === 0 : others === 0) {
      throw new Error(`${name}: ${others} that are no relays, ${relay} that are`)
    }
  }
}

async function startInNode({ tracker: address, turn, topic, publicKey, secretKey }: PeerPlan) {
  const made: RTCPeerConnection[] = []
  class Known extends RTCPeerConnection {
    constructor(configuration: ConstructorParameters<typeof RTCPeerConnection>[0]) {
      super(configuration)
      made.push(this)
    }
  }
  // Its types build on those of the DOM.
  const peerConnection = Known as unknown as RtcPeerConnectionClass
  const received: number[] = []
  const streams: { write(bytes: Uint8Array): boolean }[] = []
  let changed = (): void => {}
  const until = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      changed = () => isTrue() && resolve()
      changed()
    })
  const session = await webrtc({
    trackers: [address],
    iceServers: [turn],
    peerConnection,
  }).open({
    keyPair: { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) },
    maxConnections: 8,
    accept: () => true,
    onconnection({ stream }) {
      const place = streams.push(stream) - 1
      received[place] = 0
      stream.on('data', (chunk) => {
        received[place] = (received[place] ?? 0) + chunk.byteLength
        changed()
      })
      changed()
    },
    onerror: () => {},
  })
  await session.join(Uint8Array.from(topic), { announce: true, lookup: true }).ready
  return {
    async exchange(connections: number): Promise<void> {
      await until(() => streams.length >= connections)
      for (const stream of streams) stream.write(new Uint8Array(bytes))
      await until(() => received.every((count) => count >= bytes))
    },
    /** What the connections in use lead to: its type as this side knows it, and `host port`. */
    remoteEnds: (): { type: string; address: string }[] =>
      made.flatMap((connection) => {
        const pair = connection.sctp?.transport.iceTransport.getSelectedCandidatePair()
        return pair == null
          ? []
          : [{ type: pair.remote?.type ?? '', address: `${pair.remote?.address} ${pair.remote?.port}` }]
      }),
    close: () => session.close(),
  }
}
