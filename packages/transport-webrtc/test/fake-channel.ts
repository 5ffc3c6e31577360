/** A data channel that leads nowhere: it takes everything, and says what the test has it say. */
import type { RtcDataChannel, RtcEvent } from '../src/rtc-types.ts'

export class FakeChannel implements RtcDataChannel {
  binaryType = 'arraybuffer'
  bufferedAmountLowThreshold = 0
  readonly bufferedAmount = 0
  readonly readyState = 'open'
  /** Bytes and characters that were sent. */
  sentUnits = 0
  readonly #listeners = new Map<string, Set<(event: RtcEvent) => void>>()

  send(data: string | Uint8Array): void {
    this.sentUnits += data.length
  }

  close(): void {}

  addEventListener(type: string, listener: (event: RtcEvent) => void): void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners.add(listener))
  }

  removeEventListener(type: string, listener: (event: RtcEvent) => void): void {
    this.#listeners.get(type)?.delete(listener)
  }

  emit(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as RtcEvent)
  }
}
