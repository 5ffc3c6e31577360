/** What a node keeps where the application does not say: everything in Node, the last minutes in a page. */
import { namedStorageKind } from '@hypervision/hypercore-web/named-storage'
import type { Retain } from '../feed/cutoff.ts'
import type { NodeOptions } from '../swarm/types.ts'

/** A page has the memory for it, and nobody expects a tab to fill a disk. */
const pageRetainSeconds = 300

/** What to keep; null for everything. */
export function retainOption(retain: NodeOptions['retain']): Retain | null {
  if (retain === 'all') return null
  if (retain !== undefined) return retain
  return namedStorageKind === 'database' ? { seconds: pageRetainSeconds } : null
}
