/** Notices that a block will not come, although there are later ones: reading goes on behind it then. */
import type { FeedLog } from './feed-log.ts'

/** The broadcaster has deleted it, and for so long nobody came who has it. */
const deletedMs = 2000
/** For so long those who are connected had later ones and not this one. */
const lostMs = 10_000
/** For so long nobody was connected who has later ones. Whoever comes back may have it: an outage of a minute costs no block. */
const aloneMs = 120_000

/** What tells whether it may still come. */
export type LossEvidence = Pick<FeedLog, 'availableFrom' | 'isDeleted' | 'peersWith' | 'onchange'>

/** Calls back once when the block is taken for lost. Returns how to stop watching. */
export function watchLoss(log: LossEvidence, blockNumber: number, onloss: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let patienceMs: number | null = null
  const check = (): void => {
    const before = patienceMs
    patienceMs = patienceFor(log, blockNumber)
    if (patienceMs === before) return
    clearTimeout(timer)
    timer = patienceMs === null ? undefined : setTimeout(onloss, patienceMs)
  }
  const stop = log.onchange(check)
  check()
  return () => {
    stop()
    clearTimeout(timer)
  }
}

/** How long it is waited for, ms; null where somebody has it, or nobody has any after it. */
function patienceFor(log: LossEvidence, blockNumber: number): number | null {
  if (log.availableFrom(blockNumber) <= blockNumber) return null
  if (log.isDeleted(blockNumber)) return deletedMs
  return log.peersWith(blockNumber) === 0 ? aloneMs : lostMs
}
