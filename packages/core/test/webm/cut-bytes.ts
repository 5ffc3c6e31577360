// Runs the cutter over bytes in memory, in chunks that do not share memory with each other.
import type { HypervisionError } from '../../src/contracts/index.ts'
import { type ClusterPiece, type CutterOptions, readCluster, WebmCutter, type WebmPiece } from '../../src/webm/index.ts'

export interface CutResult {
  readonly pieces: readonly WebmPiece[]
  readonly clusters: readonly ClusterPiece[]
  readonly truncatedAt: number | null
  /** What the cutter threw, after the pieces. */
  readonly error: HypervisionError | null
}

/** Cuts `bytes` at the given places (sorted offsets) or into chunks of one size; errors are returned, not thrown. */
export function cutBytes(
  bytes: Uint8Array,
  options: CutterOptions = {},
  chunks: number | readonly number[] = Infinity,
): CutResult {
  const cutter = new WebmCutter(options)
  const pieces: WebmPiece[] = []
  let error: HypervisionError | null = null
  try {
    for (const chunk of chunksOf(bytes, chunks)) pieces.push(...cutter.push(chunk))
    pieces.push(...cutter.end())
  } catch (caught) {
    error = caught as HypervisionError
  }
  const clusters = pieces.filter((piece): piece is ClusterPiece => piece.kind === 'cluster')
  return { pieces, clusters, truncatedAt: cutter.truncatedAt, error }
}

/** Cuts bytes into copies. */
export function* chunksOf(bytes: Uint8Array, chunks: number | readonly number[]): Generator<Uint8Array, void> {
  if (typeof chunks === 'number') {
    for (let at = 0; at < bytes.length; at += chunks) yield bytes.slice(at, Math.min(bytes.length, at + chunks))
    return
  }
  let at = 0
  for (const end of [...chunks, bytes.length]) {
    yield bytes.slice(at, end)
    at = end
  }
}

/** All bytes of the pieces in a row: what a player is given. */
export function bytesOf(pieces: readonly WebmPiece[]): Buffer {
  return Buffer.concat(pieces.map((piece) => piece.bytes))
}

/** Frames of each Cluster as `track@timestamp`, with a `*` behind keyframes. */
export function framesOf(clusters: readonly ClusterPiece[]): string[][] {
  return clusters.map((piece) =>
    readCluster(piece.bytes).frames.map((frame) => `${frame.track}@${frame.timestampMs}${frame.key ? '*' : ''}`),
  )
}

/** The same of what bytes are cut into, which has to succeed. */
export function framesIn(bytes: Uint8Array, options: CutterOptions = {}): string[][] {
  const { clusters, error } = cutBytes(bytes, options)
  if (error !== null) throw error
  return framesOf(clusters)
}
