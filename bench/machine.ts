// Figures mean little without the machine they come from, so every result names it.
import { arch, cpus, release, totalmem, type } from 'node:os'
import type { Machine } from './bench.ts'

/** Describes this machine. */
export function describeMachine(): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 1e9),
    os: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
  }
}
