/** The log of the live overlay on a hypercore: blocks that prove themselves go in, one after another. */
import type Hypercore from 'hypercore'
import Verifier from 'hypercore/lib/verifier.js'
import type { LiveBlock, LiveLog } from '../swarm/live/live-types.ts'
import { isProved, proofOfFirst, proofOfNext } from './block-proof.ts'
import type { HypercoreLog } from './hypercore-log.ts'

/** Checks and stores what the overlay brings. */
export class CoreLiveLog implements LiveLog {
  readonly #core: Hypercore
  readonly #log: HypercoreLog
  readonly #startOf: (value: Uint8Array, index: number) => number

  /** @param startOf number of the block that someone has to begin with to play a block; throws where it is none of the format */
  constructor(core: Hypercore, log: HypercoreLog, startOf: (value: Uint8Array, index: number) => number) {
    this.#core = core
    this.#log = log
    this.#startOf = startOf
  }

  get length(): number {
    return this.#core.length
  }

  get remoteLength(): number {
    return this.#log.remoteLength
  }

  get canCheck(): boolean {
    return this.#core.core.verifier !== null
  }

  /** Who may sign, in hypercore's encoding; null where it is not known yet. */
  get manifest(): Uint8Array | null {
    const { manifest } = this.#core.core
    return manifest === null ? null : Verifier.encodeManifest(manifest)
  }

  /** Takes over a manifest; false where it is of another channel. */
  setManifest(bytes: Uint8Array): boolean {
    const { key, core } = this.#core
    try {
      const manifest = Verifier.decodeManifest(bytes)
      if (!Verifier.isValidManifest(key, manifest)) return Verifier.isCompat(key, manifest)
      core.setManifest(manifest).catch(() => {})
      return true
    } catch {
      return false
    }
  }

  check(block: LiveBlock): boolean {
    return isProved(this.#core.core, block)
  }

  startOf({ value, index }: LiveBlock): number {
    try {
      return this.#startOf(value, index)
    } catch {
      // Who reads it says what is wrong with it.
      return index
    }
  }

  async apply(block: LiveBlock): Promise<'stored' | 'refused' | 'conflict'> {
    const { core } = this.#core
    const { length, fork } = core.state
    if (length > 0 && block.index !== length) return 'refused'
    try {
      const proof = length === 0 ? proofOfFirst(block, fork) : proofOfNext(block, fork)
      return (await core.verify(proof)) ? 'stored' : 'refused'
    } catch (error) {
      // Its own proof held: the signature is the broadcaster's, but over other blocks than those that are here.
      const isOther = error instanceof Error && 'code' in error && error.code === 'INVALID_SIGNATURE'
      return isOther ? 'conflict' : 'refused'
    }
  }

  catchUp(): void {
    this.#log.catchUp()
  }
}
