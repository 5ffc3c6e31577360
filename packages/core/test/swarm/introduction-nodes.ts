/** Nodes that speak nothing but introductions, over streams within the process; the test decides who is connected. */
import NoiseSecretStream from '@hyperswarm/secret-stream'
import { keyPair } from 'hypercore-crypto'
import { onTestFinished } from 'vitest'
import type { TransportConnection } from '../../src/contracts/index.ts'
import { Introductions } from '../../src/swarm/introductions/introductions.ts'
import { PeerConnection } from '../../src/swarm/peer-connection.ts'
import type { ManualClock } from './manual-clock.ts'

/** A node. */
export interface IntroductionNode {
  readonly introductions: Introductions
  readonly keyPair: ReturnType<typeof keyPair>
  readonly id: string
  /** Whom it was told to connect with, and whether they agreed. */
  readonly connected: { readonly id: string; readonly hasAgreed: boolean }[]
  /** Offers that it was asked to answer: who made them and what was in them. */
  readonly offers: { readonly id: string; readonly offer: string }[]
  /** Open connections that are those of peers, by id. */
  readonly peers: Map<string, PeerConnection>
  /** Those beyond the cap of either side. */
  readonly guests: Map<string, PeerConnection>
  /** What it gives to those who call. @default its own name */
  answer: () => Promise<string | null>
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Starts a node that is on the transport `test`. */
export function startNode(name: string, clock: ManualClock, { maxPeers = 8, wanted = 4 } = {}): IntroductionNode {
  const pair = keyPair()
  const peers = new Map<string, PeerConnection>()
  const guests = new Map<string, PeerConnection>()
  const introductions = new Introductions({
    ownKey: pair.publicKey,
    maxPeers,
    clock,
    random: () => 0.5,
    onhost(connection) {
      peers.delete(connection.id)
      guests.set(connection.id, connection)
    },
  })
  introductions.want(wanted)
  const node: IntroductionNode = {
    introductions,
    keyPair: pair,
    id: hex(pair.publicKey),
    connected: [],
    offers: [],
    peers,
    guests,
    answer: async () => `answer of ${name}`,
  }
  introductions.use('test', {
    async connect(key, ask) {
      const hasAgreed = (await ask(`offer of ${name}`)) !== null
      node.connected.push({ id: hex(key), hasAgreed })
      return hasAgreed
    },
    answer(key, offer) {
      node.offers.push({ id: hex(key), offer })
      return node.answer()
    },
  })
  onTestFinished(() => introductions.close())
  return node
}

/** Two ends of a line, neither of which speaks yet. */
export function line(
  a: ReturnType<typeof keyPair>,
  b: ReturnType<typeof keyPair>,
): [NoiseSecretStream, NoiseSecretStream] {
  const streams: [NoiseSecretStream, NoiseSecretStream] = [
    new NoiseSecretStream(true, null, { keyPair: a }),
    new NoiseSecretStream(false, null, { keyPair: b }),
  ]
  const [left, right] = streams.map(({ rawStream }) => rawStream as NodeJS.ReadWriteStream)
  left?.pipe(right as NodeJS.ReadWriteStream).pipe(left)
  return streams
}

/** Gives a node one end of a line. */
export function attach(node: IntroductionNode, stream: NoiseSecretStream, transport = 'test'): PeerConnection {
  const connection: TransportConnection = {
    stream: stream as unknown as TransportConnection['stream'],
    initiator: stream.isInitiator,
    security: 'noise',
    remoteAddress: null,
  }
  const peer = new PeerConnection(connection, {
    transport,
    keyPair: node.keyPair,
    now: Date.now,
    onopen(opened) {
      const isPeer = node.introductions.add(opened)
      ;(isPeer ? node.peers : node.guests).set(opened.id, opened)
    },
    onclose(closed) {
      node.peers.delete(closed.id)
      node.guests.delete(closed.id)
      node.introductions.remove(closed)
    },
    onbanish() {},
  })
  onTestFinished(() => peer.destroy())
  return peer
}

/** Connects two nodes; the streams open as the clock is turned. */
export function connect(
  a: IntroductionNode,
  b: IntroductionNode,
  transport = 'test',
): [PeerConnection, PeerConnection] {
  const [left, right] = line(a.keyPair, b.keyPair)
  return [attach(a, left, transport), attach(b, right, transport)]
}
