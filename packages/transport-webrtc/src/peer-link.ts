/** One WebRTC connection from its description to its end. The description carries its candidates. */
import { DataChannelStream } from './data-channel-stream.ts'
import { Gathering } from './gathering.ts'
import type { RtcConfiguration, RtcDataChannel, RtcPeerConnection, RtcPlatform } from './rtc-types.ts'
import { splitCandidates } from './sdp.ts'

/** An offer that is not answered by then is void: the peer has had the time to gather its candidates, and the post is quick. */
const answerMs = 5000
/** A connection that is not open by then is given up; counted from the answer. */
const handshakeMs = 10_000

/** What is told of a {@link PeerLink}. */
export interface PeerLinkEvents {
  /** The channel is open. */
  onopen(link: PeerLink): void
  /** It is over, whether or not it was ever open; once. */
  onclose(link: PeerLink): void
}

/** Options of a {@link PeerLink}. */
export interface PeerLinkOptions extends PeerLinkEvents {
  readonly rtc: RtcPlatform
  readonly configuration: RtcConfiguration
}

/** A connection that is being made, is open, or is over. */
export class PeerLink {
  /** Whether this side made the offer. */
  isOfferer = true
  readonly #options: PeerLinkOptions
  readonly #connection: RtcPeerConnection
  readonly #onstate = (): void => this.#watch()
  #stream: DataChannelStream | null = null
  #handshake: ReturnType<typeof setTimeout> | undefined
  #late: ReturnType<typeof setTimeout> | undefined
  #isOpen = false
  #isClosed = false
  readonly #gathering: Gathering
  /** Rejects with its end: some implementations leave what a connection is asked for unanswered when it is closed. */
  readonly #ended: Promise<never>
  #end: (reason: Error) => void = () => {}

  /** @throws whatever the implementation throws when it can make no more connections */
  constructor(options: PeerLinkOptions) {
    this.#options = options
    this.#ended = new Promise((_, reject) => {
      this.#end = reject
    })
    this.#ended.catch(() => {})
    // Implementations change what they are given.
    const { iceServers, iceTransportPolicy } = options.configuration
    this.#connection = new options.rtc.PeerConnection({
      iceServers: iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
      iceTransportPolicy,
    })
    this.#connection.addEventListener('connectionstatechange', this.#onstate)
    this.#gathering = new Gathering(this.#connection, options.configuration)
    this.#startHandshake(answerMs)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isClosed
  }

  /** Carries the bytes; there once the link is open. */
  get stream(): DataChannelStream | null {
    return this.#stream
  }

  /** `host:port` of the peer, where the implementation tells it. */
  get remoteAddress(): string | null {
    return remoteAddressOf(this.#connection)
  }

  /** The description of an offer. Rejects when the link is closed before that. */
  offer(): Promise<string> {
    return Promise.race([this.#offer(), this.#ended])
  }

  /** The description that answers an offer. Rejects when the link is closed before that. */
  answer(sdp: string): Promise<string> {
    return Promise.race([this.#answer(sdp), this.#ended])
  }

  /** Takes the answer to its offer; the time for the handshake begins anew. */
  async complete(sdp: string): Promise<void> {
    this.#startHandshake(handshakeMs)
    await this.#connection.setRemoteDescription({ type: 'answer', sdp })
  }

  /** Ends it at once. */
  destroy(error?: Error): void {
    if (this.#isClosed) return
    if (this.#stream !== null && !this.#stream.destroying) this.#stream.destroy(error)
    this.#close()
  }

  async #offer(): Promise<string> {
    this.#open()
    await this.#connection.setLocalDescription(await this.#connection.createOffer())
    return this.#described()
  }

  async #answer(sdp: string): Promise<string> {
    this.isOfferer = false
    this.#startHandshake(handshakeMs)
    const { candidateDelayMs } = this.#options.rtc
    const { candidates, mid, ...rest } = splitCandidates(sdp)
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: candidateDelayMs === 0 ? sdp : rest.sdp })
    this.#demandLife()
    this.#open()
    await this.#connection.setLocalDescription(await this.#connection.createAnswer())
    const answer = await this.#described()
    if (candidateDelayMs > 0) this.#late = setTimeout(() => this.#addCandidates(candidates, mid), candidateDelayMs)
    return answer
  }

  #addCandidates(candidates: readonly string[], mid: string): void {
    if (this.#isOpen) return
    for (const candidate of candidates) {
      // One of a kind that is not known here is no reason to do without the others.
      this.#connection.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: 0 }).catch(() => {})
    }
  }

  #startHandshake(withinMs: number): void {
    clearTimeout(this.#handshake)
    this.#handshake = setTimeout(() => this.destroy(new Error('The connection did not open in time.')), withinMs)
  }

  #open(): void {
    const channel = this.#connection.createDataChannel('hypervision', { negotiated: true, id: 0, ordered: true })
    const stream = new DataChannelStream(channel, () => this.#close())
    this.#stream = stream
    whenOpen(channel, () => {
      if (this.#isClosed || stream.destroying) return
      clearTimeout(this.#handshake)
      this.#isOpen = true
      this.#options.onopen(this)
    })
  }

  async #described(): Promise<string> {
    this.#demandLife()
    await this.#gathering.done()
    this.#demandLife()
    const sdp = this.#connection.localDescription?.sdp
    if (typeof sdp !== 'string' || sdp === '') throw new Error('The WebRTC implementation gave no description.')
    return sdp
  }

  #watch(): void {
    const { connectionState } = this.#connection
    if (connectionState === 'failed') this.destroy(new Error('The connection to the peer has failed.'))
    // A peer that is done closes in good order: the stream sees that by its channel, and knows whether all has arrived.
    else if (connectionState === 'closed' && !this.#isOpen) this.destroy(new Error('The connection was closed.'))
  }

  #demandLife(): void {
    if (this.#isClosed) throw new Error('The connection was closed while it was made.')
  }

  #close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#handshake)
    clearTimeout(this.#late)
    this.#gathering.stop()
    this.#connection.removeEventListener('connectionstatechange', this.#onstate)
    this.#connection.close()
    this.#end(new Error('The connection was closed while it was made.'))
    this.#options.onclose(this)
  }
}

function whenOpen(channel: RtcDataChannel, listener: () => void): void {
  if (channel.readyState === 'open') listener()
  else channel.addEventListener('open', listener)
}

interface SelectedPair {
  readonly remote?: { readonly address?: string | null; readonly port?: number | null } | null
}

/** Not every implementation has it, nor has it at any time. */
function remoteAddressOf(connection: RtcPeerConnection): string | null {
  const sctp = connection.sctp as
    | { transport?: { iceTransport?: { getSelectedCandidatePair?(): SelectedPair | null } } }
    | null
    | undefined
  try {
    const remote = sctp?.transport?.iceTransport?.getSelectedCandidatePair?.()?.remote
    return remote?.address && remote.port ? `${remote.address}:${remote.port}` : null
  } catch {
    return null
  }
}
