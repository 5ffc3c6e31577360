/** Test what you write for hypervision: networks in memory and conformance kits. */
export type { MemoryClock } from './transport/memory-clock.ts'
export {
  type MemoryLink,
  type MemoryMessage,
  type MemoryNetwork,
  type MemoryNetworkOptions,
  type MemoryTransport,
  memoryNetwork,
} from './transport/memory-transport.ts'
