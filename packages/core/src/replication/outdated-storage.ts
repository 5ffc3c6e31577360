/**
 * Tells when what is stored here ends so long ago that the broadcaster can no longer show that it belongs to what is broadcast now: it has
 * deleted the proofs. hypercore waits for ever then. Internals of hypercore 11.37, held by outdated-storage.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { HypervisionError } from '../contracts/index.ts'
import { watchRemoteChanges } from '../storage/remote-changes.ts'
import { nameOf } from '../storage/storage-error.ts'

/** For so long it has said nothing of it, and no block came. */
const settleMs = 10_000

/**
 * Calls back, once, when the broadcaster cannot lengthen what is stored here.
 *
 * @returns how to stop watching
 */
export function watchOutdated(
  core: Hypercore,
  isSource: (peer: HypercorePeer) => boolean,
  onoutdated: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let watchedLength = -1
  const check = (): void => {
    const isStuck = core.peers.some((peer) => isSource(peer) && cannotLengthen(core, peer))
    if (isStuck && timer !== undefined && watchedLength === core.length) return
    clearTimeout(timer)
    watchedLength = core.length
    timer = isStuck ? setTimeout(tell, settleMs) : undefined
  }
  const tell = (): void => {
    stop()
    onoutdated()
  }
  const stopWatching = watchRemoteChanges(core, check)
  const stop = (): void => {
    stopWatching()
    clearTimeout(timer)
  }
  return stop
}

/**
 * Whether a peer has more and has not said that it can prove it to us, which it does as soon as it knows our length. Others than the broadcaster may
 * lack proofs because they came later: only its word counts.
 */
function cannotLengthen({ length, fork }: Hypercore, peer: HypercorePeer): boolean {
  const isLonger = length > 0 && peer.remoteSynced && peer.remoteFork === fork && peer.remoteLength > length
  return isLonger && !(peer.lengthAcked === length && peer.remoteCanUpgrade)
}

/** What the application is told then. */
export function outdated(link: string, storage: string | undefined): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_STORAGE_OUTDATED',
    `${nameOf(storage)} ends so long ago that the broadcaster of ${link} has deleted what would join it to the blocks of today. ` +
      'Delete it, or choose another one.',
    { detail: { link, storage: storage ?? null } },
  )
}
