/** Watch hypervision in a page. */
export type { LiveEdgeOptions } from './pump/live-edge.ts'
export { type Pump, type PumpEvent, type PumpOptions, type PumpStats, type PumpViewer, pump } from './pump/pump.ts'
