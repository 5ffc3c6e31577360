/** What a node may send per second, of blocks, over all transports: pushed at the live edge and by replication together. */

/** Part of the limit that the live edge is planned with; the rest is for repairs and for those who fetch what is past. */
const liveShare = 0.9
/** What the live edge may borrow, and what is saved up, in seconds of the limit. */
const burstSeconds = 1
/** Once what is past has got nothing for so long the live edge borrows no more until it has, ms. */
const patienceMs = 2000

/** Options of an {@link UploadBudget}. */
export interface UploadBudgetOptions {
  /** Infinity where there is no limit. */
  readonly bytesPerSecond: number
  /** Milliseconds of a clock that never goes back. */
  now(): number
}

/** Bytes that may be sent now. The live edge goes first: it borrows of the next second, and history waits until that is paid back. */
export class UploadBudget {
  readonly bytesPerSecond: number
  readonly #now: () => number
  readonly #burst: number
  #left: number
  #atMs: number
  /** Since when somebody has waited for what is past and got nothing of it; null where nobody does. */
  #waitedSinceMs: number | null = null

  constructor({ bytesPerSecond, now }: UploadBudgetOptions) {
    this.bytesPerSecond = bytesPerSecond
    this.#now = now
    this.#burst = bytesPerSecond * burstSeconds
    this.#left = this.#burst
    this.#atMs = now()
  }

  /** Counts what was sent. */
  spend(bytes: number): void {
    this.#fill()
    this.#left -= bytes
  }

  /** Whether a block of the live edge may be sent. */
  get canPush(): boolean {
    this.#fill()
    const isPatient = this.#waitedSinceMs === null || this.#atMs - this.#waitedSinceMs < patienceMs
    return this.#left > (isPatient ? -this.#burst : 0)
  }

  /** Notes whether somebody waits for what is past, for want of anything left: what got something just now waits from now on. */
  noteWaiting(isWaiting: boolean): void {
    if (isWaiting) this.#waitedSinceMs ??= this.#now()
    else this.#waitedSinceMs = null
  }

  /** How long what is past has to wait, ms; 0 where it need not. */
  get waitMs(): number {
    this.#fill()
    return this.#left > 0 ? 0 : Math.ceil((-this.#left / this.bytesPerSecond) * 1000) + 1
  }

  /** Whether a stream of a bitrate could be sent once. */
  carries(bitsPerSecond: number): boolean {
    return 8 * this.bytesPerSecond >= bitsPerSecond
  }

  /** How many streams of a bitrate the live edge is planned with. */
  streams(bitsPerSecond: number): number {
    return bitsPerSecond === 0 ? Number.POSITIVE_INFINITY : (liveShare * 8 * this.bytesPerSecond) / bitsPerSecond
  }

  #fill(): void {
    if (this.bytesPerSecond === Number.POSITIVE_INFINITY) return
    const now = this.#now()
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#atMs) / 1000) * this.bytesPerSecond)
    this.#atMs = now
  }
}
