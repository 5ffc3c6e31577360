/** Test what you write for hypervision: networks in memory and conformance kits. */

export type { BrokenTransport, BrokenTransportNetwork } from './transport/broken/broken-transport.ts'
export { brokenTransports } from './transport/broken/broken-transports.ts'
export { type TransportKitLimits, type TransportKitNetwork, TransportRuleError } from './transport/kit-network.ts'
export type { MemoryClock } from './transport/memory-clock.ts'
export {
  type MemoryLink,
  type MemoryMessage,
  type MemoryNetwork,
  type MemoryNetworkOptions,
  type MemoryTransport,
  memoryNetwork,
} from './transport/memory-transport.ts'
export { type TransportRule, type TransportRulesOptions, transportRules } from './transport/transport-rules.ts'
