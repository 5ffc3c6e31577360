/**
 * The part of WebRTC that is used here, as shapes: the classes of a page and those of `node-datachannel/polyfill` both
 * have it, and so may any other implementation that is passed in. Sources that name the DOM's own types would not compile in Node.
 */

/** An ICE server: STUN to learn one's own address, TURN to have everything relayed. */
export interface IceServer {
  /** `stun:host:port`, `turn:host:port`, `turns:host:port`. */
  readonly urls: string | readonly string[]
  /** For TURN. */
  readonly username?: string
  /** For TURN. */
  readonly credential?: string
}

/** What a connection is configured with. */
export interface RtcConfiguration {
  iceServers: { urls: string[]; username?: string; credential?: string }[]
  iceTransportPolicy: 'all' | 'relay'
}

/** An offer or an answer. */
export interface RtcDescription {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback'
  readonly sdp: string
}

/** An `RTCDataChannel`. */
export interface RtcDataChannel {
  binaryType: string
  bufferedAmountLowThreshold: number
  readonly bufferedAmount: number
  readonly readyState: string
  /** Sends one message. */
  send(data: string | Uint8Array<ArrayBuffer>): void
  /** Ends it. */
  close(): void
  /** Listens, as in the DOM. */
  addEventListener(type: string, listener: (event: RtcEvent) => void): void
  /** Listens no more. */
  removeEventListener(type: string, listener: (event: RtcEvent) => void): void
}

/** An event of either class; `data` belongs to messages. */
export interface RtcEvent {
  readonly type: string
}

/** An `RTCPeerConnection`. */
export interface RtcPeerConnection {
  readonly connectionState: string
  readonly iceGatheringState: string
  readonly localDescription: RtcDescription | null
  /** Where it is there, it knows the address of the peer. */
  readonly sctp?: unknown
  /** Makes a data channel. */
  createDataChannel(label: string, options: { negotiated: boolean; id: number; ordered: boolean }): RtcDataChannel
  /** Describes this side to a peer that is yet to answer. */
  createOffer(): Promise<RtcSessionDescriptionInit>
  /** Describes this side to a peer that has offered. */
  createAnswer(): Promise<RtcSessionDescriptionInit>
  /** Takes up one's own description; candidates are gathered from then on. */
  setLocalDescription(description: RtcSessionDescriptionInit): Promise<void>
  /** Takes up the peer's description. */
  setRemoteDescription(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void>
  /** Tells of an address of the peer. */
  addIceCandidate(candidate: { candidate: string; sdpMid: string; sdpMLineIndex: number }): Promise<void>
  /** Ends it. */
  close(): void
  /** Listens, as in the DOM. */
  addEventListener(type: string, listener: (event: RtcEvent) => void): void
  /** Listens no more. */
  removeEventListener(type: string, listener: (event: RtcEvent) => void): void
}

/** What `createOffer()` and `createAnswer()` give. */
export interface RtcSessionDescriptionInit {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback'
  readonly sdp?: string
}

/** The class `RTCPeerConnection`. */
export type RtcPeerConnectionClass = new (configuration: RtcConfiguration) => RtcPeerConnection

/** An implementation and what it needs to be handled with. */
export interface RtcPlatform {
  readonly PeerConnection: RtcPeerConnectionClass
  /**
   * How long whoever answers waits before it is told the candidates of the offer, milliseconds; 0 for not at all.
   *
   * libdatachannel begins DTLS as soon as it has reached the other side, which one that has not got the answer yet cannot
   * follow: the first packet is lost, and sent again after a whole second (one connection in five). So the side that offered
   * is to reach this one first. Behind NAT that takes packets from here as well, hence a delay and not a ban.
   */
  readonly candidateDelayMs: number
  /** Whether nothing goes to peers but through relays where `iceTransportPolicy` demands it. */
  readonly keepsToRelays: boolean
}
