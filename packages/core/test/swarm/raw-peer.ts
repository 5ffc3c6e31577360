// A peer of which a test says what it says, message by message of the introductions protocol.
import c from 'compact-encoding'
import { keyPair } from 'hypercore-crypto'
import Protomux, { type ProtomuxChannel, type ProtomuxMessage } from 'protomux'
import { onTestFinished } from 'vitest'
import { type Answer, answer, hello, type Offer, offer } from '../../src/swarm/introductions/messages.ts'
import { attach, type IntroductionNode, line } from './introduction-nodes.ts'
import { settle } from './manual-clock.ts'

/** A peer that says what the test lets it say. */
export interface RawPeer {
  readonly keyPair: ReturnType<typeof keyPair>
  readonly channel: ProtomuxChannel<unknown>
  /** By their numbers in the protocol. */
  readonly send: readonly ProtomuxMessage<Uint8Array>[]
  /** What came, of each kind. */
  readonly got: readonly Uint8Array[][]
  readonly isClosed: () => boolean
}

/** Connects a raw peer with a node. */
export async function rawPeer(node: IntroductionNode, { speaks = true } = {}): Promise<RawPeer> {
  const pair = keyPair()
  const [theirs, ours] = line(node.keyPair, pair)
  let isClosed = false
  ours.on('close', () => (isClosed = true))
  ours.on('error', () => {})
  onTestFinished(() => void ours.destroy())
  const got: Uint8Array[][] = [[], [], [], [], [], []]
  const channel = Protomux.from(ours).createChannel<unknown>({
    protocol: speaks ? 'hypervision/introductions' : 'something else',
    handshake: hello as never,
    onopen: () => {},
    onclose: () => {},
  })
  if (channel === null) throw new Error('no channel')
  const send = got.map((list) =>
    channel.addMessage<Uint8Array>({ encoding: c.raw, onmessage: (bytes) => void list.push(Uint8Array.from(bytes)) }),
  )
  attach(node, theirs)
  await ours.opened
  channel.open({ version: 1, isGuest: false, isFull: false })
  await settle()
  return { keyPair: pair, channel, send, got, isClosed: () => isClosed }
}

/** An offer to a peer, to be passed on. */
export const callTo = (key: Uint8Array, id = 1): Uint8Array =>
  c.encode(offer, { id, key, transport: 'test', description: 'offer' })
/** Answers that came. */
export const answersOf = ({ got }: RawPeer): Answer[] => (got[4] ?? []).map((bytes) => c.decode(answer, bytes))
/** Offers that came. */
export const offersOf = ({ got }: RawPeer): Offer[] => (got[3] ?? []).map((bytes) => c.decode(offer, bytes))
