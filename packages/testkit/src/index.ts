/** Test what you write for hypervision: a network in memory, a fake capture and conformance kits. */

export { type FakeCapture, type FakeCaptureOptions, fakeCapture } from './capture/fake-capture.ts'
export type { KitClock } from './clock.ts'
export { RuleError } from './rule-run.ts'
export type { BrokenTransport, BrokenTransportNetwork } from './transport/broken/broken-transport.ts'
export { brokenTransports } from './transport/broken/broken-transports.ts'
export type { TransportKitLimits, TransportKitNetwork } from './transport/kit-network.ts'
export {
  type MemoryLink,
  type MemoryMessage,
  type MemoryNetwork,
  type MemoryNetworkOptions,
  type MemoryTransport,
  memoryNetwork,
} from './transport/memory-transport.ts'
export { type TransportRule, type TransportRulesOptions, transportRules } from './transport/transport-rules.ts'
