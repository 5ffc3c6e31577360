/** A connection that does nothing by itself: a test says what happens to it, and when. */
import type {
  RtcDataChannel,
  RtcDescription,
  RtcPeerConnection,
  RtcPlatform,
  RtcSessionDescriptionInit,
} from '../src/rtc-types.ts'

/** A data channel that is open when a test says so. */
class FakeChannel extends EventTarget implements RtcDataChannel {
  binaryType = 'blob'
  bufferedAmountLowThreshold = 0
  readonly bufferedAmount = 0
  readyState = 'connecting'
  readonly sent: unknown[] = []

  send(data: unknown): void {
    this.sent.push(data)
  }

  close(): void {
    this.readyState = 'closed'
  }

  open(): void {
    this.readyState = 'open'
    this.dispatchEvent(new Event('open'))
  }

  hear(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

/** A connection whose candidates never come, unless a test brings them. */
export class FakeConnection extends EventTarget implements RtcPeerConnection {
  readonly connectionState = 'new'
  iceGatheringState = 'new'
  localDescription: RtcDescription | null = null
  readonly channel = new FakeChannel()
  isClosed = false

  createDataChannel(): RtcDataChannel {
    return this.channel
  }

  async createOffer(): Promise<RtcSessionDescriptionInit> {
    return { type: 'offer', sdp: 'v=0' }
  }

  async createAnswer(): Promise<RtcSessionDescriptionInit> {
    return { type: 'answer', sdp: 'v=0' }
  }

  async setLocalDescription({ type, sdp = '' }: RtcSessionDescriptionInit): Promise<void> {
    this.localDescription = { type, sdp }
    this.iceGatheringState = 'gathering'
  }

  async setRemoteDescription(): Promise<void> {}

  async addIceCandidate(): Promise<void> {}

  close(): void {
    this.isClosed = true
  }

  /** @param kind `host`, `srflx` or `relay` */
  candidate(kind: string): void {
    if (this.localDescription === null) throw new Error('no description yet')
    const { type, sdp } = this.localDescription
    this.localDescription = { type, sdp: `${sdp}\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ ${kind}` }
    this.dispatchEvent(new Event('icecandidate'))
  }

  gathered(): void {
    this.iceGatheringState = 'complete'
    this.dispatchEvent(new Event('icegatheringstatechange'))
  }
}

/** A platform whose connections a test gets to see. */
export function fakePlatform(): { rtc: RtcPlatform; connections: FakeConnection[] } {
  const connections: FakeConnection[] = []
  class PeerConnection extends FakeConnection {
    constructor() {
      super()
      connections.push(this)
    }
  }
  return { rtc: { PeerConnection, candidateDelayMs: 0, keepsToRelays: true }, connections }
}
