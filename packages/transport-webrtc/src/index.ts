/** hypervision peers in pages and in Node connect over WebRTC data channels. */
export type {
  IceServer,
  RtcConfiguration,
  RtcDataChannel,
  RtcDescription,
  RtcEvent,
  RtcPeerConnection,
  RtcPeerConnectionClass,
  RtcSessionDescriptionInit,
} from './rtc-types.ts'
export type { Signalling, SignallingHost, SignallingOffer, SignallingSession } from './signalling/signalling.ts'
export { defaultIceServers, type WebRtcOptions, webrtc } from './webrtc.ts'
