// The live overlay beside plain hypercore replication: real nodes over an emulated internet, in virtual time.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { swarmCases } from './cases.ts'
import type { Figures } from './measure/figures.ts'

const run = promisify(execFile)
const rowScript = fileURLToPath(new URL('./row.ts', import.meta.url))

export const bench: Bench = {
  name: 'swarm',
  title: 'A swarm of viewers of one channel at 1 Mbit/s, over emulated lines of 20 to 80 ms one way, in virtual time',

  async run({ quick, log, signal, wants, isSelective, seed }: BenchRunOptions): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (const { name, isOnRequest } of swarmCases(quick)) {
      if (!wants(name) || (isOnRequest && !isSelective)) continue
      signal.throwIfAborted()
      const startedAt = performance.now()
      const figures = await measure(name, { quick, seed, signal })
      rows.push({ case: name, ...figures })
      log(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
    }
    return rows
  },
}

/** Each run has a process of its own, whose clock it replaces. */
async function measure(
  name: string,
  { signal, ...options }: { quick: boolean; seed: number; signal: AbortSignal },
): Promise<Figures> {
  const args = [...process.execArgv, rowScript, JSON.stringify({ name, ...options })]
  const { stdout } = await run(process.execPath, args, { signal, maxBuffer: 2 ** 24 })
  return JSON.parse(stdout)
}
