// A peer in a page, which knows every connection that WebRTC makes for it.
import { webrtc } from '@hypervision/transport-webrtc'

/** What a peer is started with; keys as arrays, as nothing else comes through `evaluate`. */
export interface PeerPlan {
  readonly tracker: string
  readonly turn: { readonly urls: string; readonly username: string; readonly credential: string }
  readonly isRelayOnly: boolean
  readonly topic: readonly number[]
  readonly publicKey: readonly number[]
  readonly secretKey: readonly number[]
}

declare global {
  /** Opens the transport and joins. */
  function startPeer(plan: PeerPlan): Promise<void>
  /** Sends so many bytes on every connection, and resolves when as many have come on each. */
  function exchange(connections: number, bytes: number): Promise<void>
  /** Type of this page's end of every pair of candidates that was tried. */
  function ownEnds(): Promise<string[]>
}

const made: RTCPeerConnection[] = []
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    made.push(this)
  }
}

interface Connected {
  write(bytes: Uint8Array): void
  received: number
}

const connected: Connected[] = []
let changed = (): void => {}

globalThis.startPeer = async ({ tracker, turn, isRelayOnly, topic, publicKey, secretKey }) => {
  const transport = webrtc({ trackers: [tracker], iceServers: [turn], relayOnly: isRelayOnly })
  const session = await transport.open({
    keyPair: { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) },
    maxConnections: 8,
    accept: () => true,
    onconnection({ stream }) {
      const one: Connected = { write: (bytes) => void stream.write(bytes), received: 0 }
      connected.push(one)
      stream.on('data', (chunk) => {
        one.received += chunk.byteLength
        changed()
      })
      changed()
    },
    onerror: (error) => console.error(error.message),
  })
  await session.join(Uint8Array.from(topic), { announce: true, lookup: true }).ready
}

globalThis.exchange = async (connections, bytes) => {
  await until(() => connected.length >= connections)
  for (const { write } of connected) write(new Uint8Array(bytes))
  await until(() => connected.every(({ received }) => received >= bytes))
}

globalThis.ownEnds = async () => {
  const ends: string[] = []
  for (const connection of made) {
    const report = await connection.getStats()
    for (const stats of report.values()) {
      if (stats.type === 'candidate-pair') ends.push(report.get(stats.localCandidateId)?.candidateType ?? 'unknown')
    }
  }
  return ends
}

function until(isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    changed = () => {
      if (isTrue()) resolve()
    }
    changed()
  })
}
