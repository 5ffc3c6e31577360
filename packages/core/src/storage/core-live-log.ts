/** The log of the live overlay on a hypercore: blocks that prove themselves go in, one after another. */
import type Hypercore from 'hypercore'
import Verifier from 'hypercore/lib/verifier.js'
import type { LiveBlock, LiveLog } from '../swarm/live/live-types.ts'
import { isProved, proofOfNext } from './block-proof.ts'
import type { HypercoreLog } from './hypercore-log.ts'

/** Checks and stores what the overlay brings. */
export class CoreLiveLog implements LiveLog {
  readonly #core: Hypercore
  readonly #log: HypercoreLog

  constructor(core: Hypercore, log: HypercoreLog) {
    this.#core = core
    this.#log = log
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

  async apply(block: LiveBlock): Promise<'stored' | 'refused' | 'conflict'> {
    const { core } = this.#core
    if (block.index !== core.state.length) return 'refused'
    try {
      return (await core.verify(proofOfNext(block, core.state.fork))) ? 'stored' : 'refused'
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
