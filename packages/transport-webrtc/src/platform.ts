/**
 * WebRTC and WebSocket of the place where this runs. In a page both are there; Node gets them from packages, which the
 * `browser` field of package.json keeps out of bundles for pages.
 */
import { HypervisionError } from '@hypervision/core/contracts'
import type { RtcConfiguration, RtcPeerConnectionClass, RtcPlatform } from './rtc-types.ts'
import type { OpenWebSocket, WebSocketLike } from './signalling/tracker-socket.ts'

interface Globals {
  readonly RTCPeerConnection?: RtcPeerConnectionClass
  readonly WebSocket?: new (url: string) => WebSocketLike
  readonly process?: { readonly versions?: { readonly node?: string }; once(event: 'exit', listener: () => void): void }
  readonly window?: unknown
  addEventListener?(type: string, listener: (event: { readonly persisted?: boolean }) => void): void
  removeEventListener?(type: string, listener: (event: { readonly persisted?: boolean }) => void): void
}

const globals = globalThis as unknown as Globals
const isNode = globals.process?.versions?.node !== undefined && globals.window === undefined

/**
 * The `RTCPeerConnection` of the page, or the one of node-datachannel.
 *
 * @throws HypervisionError ERR_TRANSPORT_UNSUPPORTED where there is neither
 */
export async function rtcPlatform(): Promise<RtcPlatform> {
  const { RTCPeerConnection: PeerConnection } = globals
  if (PeerConnection !== undefined) return { PeerConnection, candidateDelayMs: 0, keepsToRelays: true }
  if (!isNode) {
    throw new HypervisionError(
      'ERR_TRANSPORT_UNSUPPORTED',
      'This browser has no WebRTC, or it is switched off. Use a current version of Chrome, Edge, Firefox or Safari.',
    )
  }
  nodePlatform ??= loadNodePlatform()
  return nodePlatform
}

/** Behind most NATs a connection takes that much longer; the answer has arrived by then, as a rule. */
const nodeCandidateDelayMs = 250

let nodePlatform: Promise<RtcPlatform> | undefined

async function loadNodePlatform(): Promise<RtcPlatform> {
  try {
    const [{ RTCPeerConnection }, { cleanup }] = await Promise.all([
      import('node-datachannel/polyfill'),
      import('node-datachannel'),
    ])
    // Its threads must be gone before the process takes down what they work with.
    globals.process?.once('exit', cleanup)
    // Its types build on those of the DOM.
    const Polyfill = RTCPeerConnection as unknown as RtcPeerConnectionClass
    const PeerConnection = class extends Polyfill {
      constructor(configuration: RtcConfiguration) {
        super({ ...configuration, iceServers: configuration.iceServers.map(withEncodedCredential) })
      }
    }
    // https://github.com/paullouisageneau/libdatachannel/issues/1587
    return { PeerConnection, candidateDelayMs: nodeCandidateDelayMs, keepsToRelays: false }
  } catch (error) {
    nodePlatform = undefined
    throw new HypervisionError(
      'ERR_TRANSPORT_UNSUPPORTED',
      `node-datachannel cannot be loaded: ${error instanceof Error ? error.message : String(error)}. It has binaries for ` +
        'Linux, macOS and Windows; elsewhere pass another WebRTC implementation as `peerConnection`.',
      { cause: error },
    )
  }
}

/**
 * node-datachannel puts both into `turn:username:credential@host` as they are, and libdatachannel decodes them from there; a
 * username of a TURN server's REST interface has a colon in it, and the credential is base64.
 */
function withEncodedCredential<Server extends RtcConfiguration['iceServers'][number]>(server: Server): Server {
  const { username, credential } = server
  if (username === undefined || credential === undefined) return server
  return { ...server, username: encodeURIComponent(username), credential: encodeURIComponent(credential) }
}

/**
 * Opens WebSockets. In Node those of `ws`, which refuses a message that is too long before it is in memory.
 *
 * @param maxMessageBytes longest message that is taken
 */
export async function platformWebSocket(maxMessageBytes: number): Promise<OpenWebSocket> {
  const { WebSocket: PageWebSocket } = globals
  if (isNode || PageWebSocket === undefined) {
    const { WebSocket: NodeWebSocket } = await import('ws')
    const options = { maxPayload: maxMessageBytes, perMessageDeflate: false, handshakeTimeout: 10_000 }
    // Its types know more kinds of events than are asked for.
    return (url) => new NodeWebSocket(url, options) as unknown as WebSocketLike
  }
  return (url) => new PageWebSocket(url)
}

/** What a page hears of itself. */
export interface PageListener {
  /** It goes away for good: a peer that says goodbye is missed at once, one that does not after seconds. */
  onend(): void
  /** The browser has a network again. */
  ononline(): void
}

/** Listens until what it returns is called. Where there is no page nothing is ever heard. */
export function watchPage({ onend, ononline }: PageListener): () => void {
  const listeners: readonly [string, (event: { readonly persisted?: boolean }) => void][] = [
    ['pagehide', ({ persisted }) => void (persisted === false && onend())],
    ['online', () => ononline()],
  ]
  for (const [type, listener] of listeners) globals.addEventListener?.(type, listener)
  return () => {
    for (const [type, listener] of listeners) globals.removeEventListener?.(type, listener)
  }
}
