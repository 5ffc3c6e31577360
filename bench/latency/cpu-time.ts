// What a process and all that it started have used of the processors, by the accounts of the kernel.
import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second for programs, whatever it does inside. */
const ticksPerSecond = 100

/** User and system time of a tree of processes, seconds; null where there is no `/proc`. */
export function cpuSeconds(rootPid: number): number | null {
  const processes = readProcesses()
  if (processes === null) return null
  let ticks = 0
  const visit = (pid: number): void => {
    for (const process of processes) {
      if (process.pid === pid) ticks += process.ticks
      if (process.parent === pid) visit(process.pid)
    }
  }
  visit(rootPid)
  return ticks / ticksPerSecond
}

interface ProcessTime {
  readonly pid: number
  readonly parent: number
  /** Its own, and those of children that have ended. */
  readonly ticks: number
}

function readProcesses(): ProcessTime[] | null {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readProcess(Number(name)) ?? [])
  } catch {
    return null
  }
}

function readProcess(pid: number): ProcessTime | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may have spaces and brackets in it; the state comes after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
    return { pid, parent: Number(fields[1]), ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0) }
  } catch {
    // It ended between the listing and the look.
    return null
  }
}
