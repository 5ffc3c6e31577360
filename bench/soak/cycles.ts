// Peers that come and go two thousand times: what is left of them.
import { guests, losses } from '../../tests/connection-cycles.ts'
import type { Row } from '../bench.ts'
import { heapMB } from '../heap.ts'

/** Name of the cases. */
export const cyclesName = 'cycles'

const steps = 4

/** Counts what is in use after each quarter of the cycles. */
export async function cycleConnections(
  quick: boolean,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const open of [guests, losses]) {
    const cycles = await open()
    try {
      for (let step = 1; step <= steps; step++) {
        signal.throwIfAborted()
        const times = (quick ? 100 : 2000) / steps
        const startedAt = performance.now()
        await cycles.run(times)
        const msPerCycle = (performance.now() - startedAt) / times
        const remains = await cycles.remains()
        const row = {
          case: `${cyclesName}: ${cycles.name}, ${step * times}`,
          ...remains,
          heapMB: await heapMB(),
          msPerCycle,
        }
        rows.push(row)
        log(JSON.stringify(row))
      }
    } finally {
      await cycles.close()
    }
  }
  return rows
}
