/** Live video as a signed append-only log. */
export type { Broadcast, BroadcastEvents, BroadcastOptions, BroadcastState, BroadcastStats } from './broadcast/types.ts'
export * from './contracts/index.ts'
export {
  DetailEvent,
  type DetailListener,
  type ListenOptions,
  type TypedEventTarget,
} from './events/typed-event-target.ts'
export type { Relay, RelayOptions, RelayStats } from './relay/types.ts'
export type { NodeEvents, NodeOptions, PeerStats, SwarmStats } from './swarm/types.ts'
export type {
  StartPosition,
  Viewer,
  ViewerBlock,
  ViewerClusterBlock,
  ViewerEvents,
  ViewerInitBlock,
  ViewerOptions,
  ViewerState,
  ViewerStats,
} from './viewer/types.ts'
