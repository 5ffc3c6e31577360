// One process of the command line, with --json: what it says becomes events, and how it ends is known.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../workspace.mjs'

const program = join(root, 'packages/cli/bin/hypervision.js')
const keptLines = 10
/** How long a process may take to end after it was asked to. */
const graceMs = 6000

/** A process of the demo ended by itself. */
export class ProcessDied extends Error {
  constructor(name, how, lines) {
    super([`${name} ${how}.`, ...lines.map((line) => `  ${line}`)].join('\n'))
  }
}

/**
 * Starts `hypervision ARGS --json`.
 *
 * @param {string} name for messages
 * @param {string[]} args
 * @param {(event: Record<string, unknown>) => void} onevent told of each line
 */
export function startCli(name, args, onevent = () => {}) {
  // A group of its own: Ctrl-C in the terminal reaches this script, and this script ends its children in order.
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const waiting = new Set()
  const seen = new Map()
  const lastLines = []
  let isStopping = false

  const keep = (line) => {
    lastLines.push(line)
    if (lastLines.length > keptLines) lastLines.shift()
  }
  createInterface({ input: child.stderr }).on('line', keep)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line)
    if (event.event === 'error' || event.event === 'warning') keep(`${event.code}: ${event.message}`)
    seen.set(event.event, event)
    for (const one of waiting) if (one.event === event.event) one.resolve(event)
    onevent(event)
  })

  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(`cannot be started: ${error.message}`))
    // `close`, not `exit`: by then all that it said has been read.
    child.on('close', (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    )
  })
  /** Rejects when the process ends before it was asked to. */
  const died = ended.then((how) => {
    if (!isStopping) throw new ProcessDied(name, how, lastLines)
  })
  died.catch(() => {})

  return {
    name,
    died,
    /** The first event of a name, which may have come already. */
    first(event) {
      const happened = seen.get(event)
      if (happened !== undefined) return Promise.resolve(happened)
      return Promise.race([
        new Promise((resolve) => waiting.add({ event, resolve })),
        died.then(() => new Promise(() => {})),
      ])
    },
    /** Asks it to end, and makes it where it does not. Resolves to how it ended. */
    async stop() {
      isStopping = true
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      const how = await ended
      clearTimeout(timer)
      return how
    },
  }
}
