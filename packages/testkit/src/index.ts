/** Test what you write for hypervision: a network in memory, a fake capture and conformance kits. */

export type { BrokenCapture } from './capture/broken/broken-capture.ts'
export { brokenCaptures } from './capture/broken/broken-captures.ts'
export { type CaptureRule, type CaptureRulesOptions, captureRules } from './capture/capture-rules.ts'
export type { CaptureKitLimits, CaptureKitSources, FloodingCapture } from './capture/capture-run.ts'
export { type FakeCapture, type FakeCaptureOptions, fakeCapture } from './capture/fake-capture.ts'
export type { KitClock } from './clock.ts'
export { RuleError, type RuleLimits } from './rule-run.ts'
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
