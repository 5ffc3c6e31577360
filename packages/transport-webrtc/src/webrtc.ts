/** Peers by WebRTC: they swap offers and answers through trackers, and connect by data channels, in pages and in Node. */
import { HypervisionError, type Transport } from '@hypervision/core/contracts'
import { platformWebSocket, rtcPlatform } from './platform.ts'
import type { IceServer, RtcConfiguration, RtcPeerConnectionClass } from './rtc-types.ts'
import type { Signalling } from './signalling/signalling.ts'
import { trackerSignalling } from './signalling/tracker-client.ts'
import { maxTrackerMessage } from './signalling/tracker-socket.ts'
import { WebRtcSession } from './webrtc-session.ts'

/** Options of {@link webrtc}. */
export interface WebRtcOptions {
  /**
   * Trackers, `wss://host/path` or `ws://host:port`: any that WebTorrent works with, all at once. May be empty where there
   * is other signalling.
   */
  readonly trackers: readonly string[]
  /**
   * Servers that tell a peer its address (STUN) or relay for it (TURN); none with `[]`, which is enough in one network.
   *
   * @default two public STUN servers, `stun:stun.l.google.com:19302` and `stun:stun.cloudflare.com:3478`
   */
  readonly iceServers?: readonly IceServer[]
  /**
   * Connects through TURN servers only, so that peers never learn this node's address; trackers still see it. Pages do; node-datachannel does not
   * keep to it, so that in Node it takes another `peerConnection`.
   *
   * @default false
   */
  readonly relayOnly?: boolean
  /** Further ways to swap offers and answers. */
  readonly signalling?: readonly Signalling[]
  /**
   * The class to make connections with.
   *
   * @default the page's `RTCPeerConnection`; in Node that of `node-datachannel/polyfill`
   */
  readonly peerConnection?: RtcPeerConnectionClass
}

/** What `iceServers` is where it is left out. */
export const defaultIceServers: readonly IceServer[] = [
  { urls: ['stun:stun.l.google.com:19302', 'stun:stun.cloudflare.com:3478'] },
]

/**
 * The WebRTC transport. To open it is refused with `ERR_TRANSPORT_UNSUPPORTED` where there is no WebRTC, or none that keeps to `relayOnly`.
 *
 * @throws HypervisionError ERR_OPTION_INVALID for an address that cannot be read, no signalling at all, or `relayOnly`
 * without a TURN server
 */
export function webrtc(options: WebRtcOptions): Transport {
  const trackers = [...new Set(options.trackers.map(checkTracker))]
  const { signalling = [], peerConnection } = options
  if (trackers.length + signalling.length === 0) {
    throw invalid(
      'trackers',
      'There is no tracker to find peers by. Name one, such as wss://tracker.openwebtorrent.com.',
    )
  }
  const configuration = configurationOf(options)
  return {
    name: 'webrtc',
    async open(open) {
      open.signal?.throwIfAborted()
      const rtc =
        peerConnection === undefined
          ? await rtcPlatform()
          : { PeerConnection: peerConnection, candidateDelayMs: 0, keepsToRelays: true }
      if (configuration.iceTransportPolicy === 'relay' && !rtc.keepsToRelays) throw unhidden()
      const openWebSocket = trackers.length === 0 ? null : await platformWebSocket(maxTrackerMessage)
      open.signal?.throwIfAborted()
      const byTracker = openWebSocket === null ? [] : trackers.map((url) => trackerSignalling({ url, openWebSocket }))
      return new WebRtcSession({ open, rtc, configuration, signalling: [...byTracker, ...signalling] })
    },
  }
}

function configurationOf({ iceServers = defaultIceServers, relayOnly = false }: WebRtcOptions): RtcConfiguration {
  const servers = iceServers.map(({ urls, username, credential }) => ({
    urls: (typeof urls === 'string' ? [urls] : [...urls]).map(checkIceUrl),
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }))
  if (relayOnly && !servers.some(({ urls }) => urls.some((url) => url.startsWith('turn')))) {
    throw invalid(
      'relayOnly',
      '`relayOnly` needs a TURN server in `iceServers`: {urls: "turn:host:3478", username, credential}.',
    )
  }
  return { iceServers: servers, iceTransportPolicy: relayOnly ? 'relay' : 'all' }
}

function checkTracker(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url !== null && (url.protocol === 'ws:' || url.protocol === 'wss:')) {
    // A WebSocket may have none, and a page throws at it.
    url.hash = ''
    return url.href
  }
  throw invalid(
    'trackers',
    `"${address}" is not the address of a tracker for WebRTC. Write wss://host/path or ws://host:port.`,
  )
}

function checkIceUrl(url: string): string {
  if (/^(stun|stuns|turn|turns):[^\s/]+$/.test(url)) return url
  throw invalid('iceServers', `"${url}" is not an ICE server. Write stun:host:port, turn:host:port or turns:host:port.`)
}

function unhidden(): HypervisionError {
  return new HypervisionError(
    'ERR_TRANSPORT_UNSUPPORTED',
    '`relayOnly` cannot be kept to in Node: node-datachannel shows its own address. Leave it out, or pass another `peerConnection`.',
  )
}

function invalid(option: string, message: string): HypervisionError {
  return new HypervisionError('ERR_OPTION_INVALID', message, { detail: { option } })
}
