/** Live video as a signed append-only log: {@link createBroadcast}, {@link createViewer}, {@link createRelay}. */
export { createBroadcast } from './broadcast/create-broadcast.ts'
export type { Broadcast, BroadcastEvents, BroadcastOptions, BroadcastState, BroadcastStats } from './broadcast/types.ts'
export * from './contracts/index.ts'
export {
  DetailEvent,
  type DetailListener,
  type ListenOptions,
  type TypedEventTarget,
} from './events/typed-event-target.ts'
export type { Retain } from './feed/cutoff.ts'
export type { StartPosition } from './feed/start-position.ts'
export type { Timeline, TimelineEpoch, TimelineGap } from './feed/timeline.ts'
export { formatLink, parseLink, parseSecret } from './link/link.ts'
export type { ChannelMetadata, ChannelPoster, MetadataOptions, PosterType } from './metadata/types.ts'
export { createKeyPair } from './node/create-key-pair.ts'
export { storedLink } from './node/stored-link.ts'
export type {
  EndPosition,
  RecordedFile,
  Recording,
  RecordingFile,
  RecordingStats,
  RecordingTarget,
  RecordOptions,
} from './recording/types.ts'
export { createRelay } from './relay/create-relay.ts'
export type { Relay, RelayOptions, RelayStats } from './relay/types.ts'
export type { LiveTimers } from './swarm/live/live-options.ts'
export type {
  LiveOptions,
  LiveStats,
  NodeEvents,
  NodeOptions,
  NodeStats,
  PeerInfo,
  PeerStats,
  SwarmStats,
} from './swarm/types.ts'
export { createViewer } from './viewer/create-viewer.ts'
export type {
  SkipReason,
  Viewer,
  ViewerBlock,
  ViewerClusterBlock,
  ViewerEvents,
  ViewerInitBlock,
  ViewerOptions,
  ViewerState,
  ViewerStats,
} from './viewer/types.ts'
