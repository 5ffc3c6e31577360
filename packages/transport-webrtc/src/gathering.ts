/**
 * When a description has the candidates that it waits for. They travel in it: with trackers as the post, a second message costs more time
 * than those that come late are worth. Nor is the word of the implementation worth waiting for that there will be no more: Chromium has
 * its addresses within 10 ms and says so 120 ms later, and where a server does not answer, seconds later.
 */
import type { RtcConfiguration, RtcPeerConnection } from './rtc-types.ts'

/** Candidates that are not there by then are not waited for. */
const gatherMs = 500
/** What follows the last candidate within this time is waited for: they come in bursts, one for each network of the machine. */
const settleMs = 30
const changes = ['icecandidate', 'icegatheringstatechange']

/** The candidates of one connection. */
export class Gathering {
  readonly #connection: RtcPeerConnection
  /** Of the kind that takes longest with the servers there are. */
  readonly #awaited: string
  readonly #onchange = (): void => this.#look()
  #timer: ReturnType<typeof setTimeout> | undefined
  #settling: ReturnType<typeof setTimeout> | undefined
  #resolve: () => void = () => {}

  constructor(connection: RtcPeerConnection, { iceServers }: RtcConfiguration) {
    this.#connection = connection
    const urls = iceServers.flatMap((server) => server.urls)
    const kind = urls.some((url) => url.startsWith('turn')) ? 'relay' : urls.length > 0 ? 'srflx' : 'host'
    this.#awaited = ` typ ${kind}`
  }

  /** Resolves when those are there that are waited for. The connection has its own description by now. */
  done(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#timer = setTimeout(() => this.stop(), gatherMs)
      for (const type of changes) this.#connection.addEventListener(type, this.#onchange)
      this.#look()
    })
  }

  /** Waits for no more. */
  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#settling)
    for (const type of changes) this.#connection.removeEventListener(type, this.#onchange)
    this.#resolve()
  }

  #look(): void {
    const { iceGatheringState, localDescription } = this.#connection
    if (iceGatheringState === 'complete') this.stop()
    else if (localDescription?.sdp.includes(this.#awaited)) {
      clearTimeout(this.#settling)
      this.#settling = setTimeout(() => this.stop(), settleMs)
    }
  }
}
