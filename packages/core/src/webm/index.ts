/** Reading, cutting and writing of live WebM; knows nothing of hypercores or networks. */
export type { ClusterPiece, InitSegment, WebmCodec, WebmPiece, WebmTrack } from './types.ts'
