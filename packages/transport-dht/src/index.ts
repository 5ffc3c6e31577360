/** hypervision peers find each other over the hyperswarm DHT. */
export type { Address } from './address.ts'
export { type BootstrapNode, type BootstrapNodeOptions, bootstrapNode } from './bootstrap-node.ts'
export { type DhtOptions, dht } from './dht.ts'
