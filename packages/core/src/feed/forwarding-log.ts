/** A log that stands before another one: what a class derived from it does not do itself, that one does. */
import type { FeedLog } from './feed-log.ts'

/** Passes everything on. */
export abstract class ForwardingLog implements FeedLog {
  protected readonly log: FeedLog

  constructor(log: FeedLog) {
    this.log = log
  }

  get length(): number {
    return this.log.length
  }

  get remoteLength(): number {
    return this.log.remoteLength
  }

  peersWith(blockNumber: number): number {
    return this.log.peersWith(blockNumber)
  }

  newestAvailable(): number {
    return this.log.newestAvailable()
  }

  availableFrom(start: number): number {
    return this.log.availableFrom(start)
  }

  isDeleted(blockNumber: number): boolean {
    return this.log.isDeleted(blockNumber)
  }

  get(blockNumber: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.log.get(blockNumber, signal)
  }

  distrust(blockNumber: number): void {
    this.log.distrust(blockNumber)
  }

  fetchFrom(start: number): void {
    this.log.fetchFrom(start)
  }

  onchange(listener: () => void): () => void {
    return this.log.onchange(listener)
  }
}
