/**
 * What of a channel becomes which file: found with a few reads an epoch and a bounded number of reads for Cues, however long the channel
 * is. Where each block lies follows from the sizes in the log's tree.
 */
import type { ClusterBlock, FeedBlock, InitBlock } from '../feed/feed-block.ts'
import { type SeekableHead, seekableParts } from '../webm/seekable-file.ts'
import { cueTrackOf, headOf, shorteningOf } from './file-writer.ts'
import { factsOf } from './place-block.ts'
import { isSameTracks } from './same-tracks.ts'

/** Blocks that are looked at for keyframes at most: in longer files players seek to places further apart. */
const maxCueReads = 4096

/** An epoch, or what is left of it. */
interface Epoch {
  readonly init: InitBlock
  readonly first: number
  /** Its last block. */
  readonly last: number
}

/** An epoch's place in a file. */
export interface PlannedEpoch {
  /** Its init block, or the block that the file begins with. */
  readonly from: number
  /** The feed's time less the file's. */
  readonly shiftMs: number
}

/** A file: a run of blocks. */
export interface FilePlan {
  readonly init: InitBlock
  readonly head: SeekableHead
  readonly cueTrack: number
  readonly first: number
  readonly last: number
  readonly epochs: readonly PlannedEpoch[]
  readonly durationMs: number
}

/** A keyframe, in the feed's numbers. */
export interface Keyframe {
  readonly block: ClusterBlock
  readonly keyMs: number
  /** Offset of the Cluster in its block. */
  readonly clusterAt: number
}

/** Reads a block; null where nobody has it any more. */
export type LookAt = (blockNumber: number) => Promise<FeedBlock | null>

/** A file whose last epoch may not be found yet. */
class OpenPlan implements FilePlan {
  readonly init: InitBlock
  readonly head: SeekableHead
  readonly cueTrack: number
  readonly first: number
  readonly epochs: PlannedEpoch[]
  last: number
  durationMs = 1
  #shiftMs: number
  /** Where the last Cluster so far ends, in the feed's time. */
  #endMs: number

  constructor({ init, last }: Epoch, { number, timestampMs }: ClusterBlock) {
    this.init = init
    this.head = headOf(init, timestampMs)
    this.cueTrack = cueTrackOf(init)
    this.first = number
    this.last = last
    this.#shiftMs = timestampMs
    this.#endMs = timestampMs
    this.epochs = [{ from: number, shiftMs: timestampMs }]
  }

  takes({ init }: Epoch): boolean {
    return isSameTracks(this.head.tracks, seekableParts(init.bytes).tracks)
  }

  /** @param begin the epoch's first Cluster */
  goOn({ init, last }: Epoch, begin: ClusterBlock | null): void {
    if (begin !== null) this.#shiftMs += shorteningOf(this.#endMs, begin.timestampMs)
    this.epochs.push({ from: init.number, shiftMs: this.#shiftMs })
    this.last = last
  }

  /** @param end the epoch's last Cluster */
  reach(end: ClusterBlock): void {
    this.#endMs = factsOf(end, this.cueTrack).endMs
    this.durationMs = Math.max(1, this.#endMs - this.#shiftMs)
  }
}

/**
 * Plans the files of a stretch of blocks.
 *
 * @param first a block to begin with
 */
export async function planFiles(look: LookAt, first: number, last: number): Promise<FilePlan[]> {
  const plans: OpenPlan[] = []
  let open: OpenPlan | null = null
  for (const epoch of await findEpochs(look, first, last)) {
    if (open?.takes(epoch)) {
      open.goOn(epoch, await findCluster(look, epoch.first, epoch.last, 1, () => true))
    } else {
      const begin = await findCluster(look, epoch.first, epoch.last, 1, ({ index }) => index.key)
      open = begin === null ? null : new OpenPlan(epoch, begin)
      if (open !== null) plans.push(open)
    }
    const end = await findCluster(look, epoch.last, epoch.first, -1, () => true)
    if (end !== null) open?.reach(end)
  }
  return plans
}

/** The feed's time less the file's where a block is. */
export function shiftAt({ epochs }: FilePlan, blockNumber: number): number {
  return epochs.findLast(({ from }) => from <= blockNumber)?.shiftMs ?? 0
}

/** Keyframes of a file, newest first. Each block tells where the keyframe before it is. */
export async function* keyframesOf(look: LookAt, { first, last, cueTrack }: FilePlan): AsyncGenerator<Keyframe, void> {
  const stride = Math.max(1, Math.floor((2 * (last - first)) / maxCueReads))
  for (let at = last; at >= first; ) {
    const block = await look(at)
    const key = block?.kind === 'cluster' ? at - block.index.keyDistance : at
    const found = key === at ? block : key >= first ? await look(key) : null
    if (found?.kind === 'cluster') {
      const { keyMs, clusterAt } = factsOf(found, cueTrack)
      if (keyMs !== null) yield { block: found, keyMs, clusterAt }
    }
    // In the same strides past what nobody has any more: it costs reads, too.
    at = key - stride
  }
}

/** Epochs from the oldest on, by way of what each block says of its init block. */
async function findEpochs(look: LookAt, first: number, last: number): Promise<Epoch[]> {
  const epochs: Epoch[] = []
  for (let at = last; at >= first; ) {
    const block = await look(at)
    const number = block === null ? -1 : block.number - block.index.initDistance
    const init = block?.kind === 'init' ? block : number < 0 ? null : await look(number)
    if (init?.kind !== 'init') {
      at--
      continue
    }
    epochs.unshift({ init, first: Math.max(first, init.number + 1), last: at })
    at = init.number - 1
  }
  return epochs
}

/** The first Cluster of a kind in one direction. */
async function findCluster(
  look: LookAt,
  from: number,
  to: number,
  step: 1 | -1,
  isIt: (block: ClusterBlock) => boolean,
): Promise<ClusterBlock | null> {
  for (let at = from; step > 0 ? at <= to : at >= to; at += step) {
    const block = await look(at)
    if (block?.kind === 'cluster' && isIt(block)) return block
  }
  return null
}
