// Runs the command line as a person or a program would: a process of its own, its output line by line, its exit code.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type BootstrapNode, bootstrapNode } from '@hypervision/transport-dht'

const program = join(fileURLToPath(new URL('..', import.meta.url)), 'packages/cli/bin/hypervision.js')

/** The short clip that the command line carries. */
export const clip = join(fileURLToPath(new URL('..', import.meta.url)), 'packages/cli/assets/clip.webm')

/** The address of a channel that nobody has. */
export const unknownLink = 'hypervision:yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhd3u4yu'

/** An event of `--json`. */
export interface CliEvent {
  readonly event: string
  readonly [field: string]: unknown
}

/** How a process ended. */
export interface CliEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A running command. */
export interface CliProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** Resolves when it has ended and all its output was read. */
  readonly ended: Promise<CliEnd>
  /** The first line of stdout or stderr for which `isIt` holds, past or future; rejects when the process ends without it. */
  line(isIt: (line: string) => boolean): Promise<string>
  /** The first event of a name, past or future, for which `isIt` holds. */
  event(name: string, isIt?: (event: CliEvent) => boolean): Promise<CliEvent>
}

const running = new Set<ChildProcessWithoutNullStreams>()
const networks = new Set<BootstrapNode>()

/** How to start a command. */
export interface CliOptions {
  /** Added to the environment of this process. */
  readonly env?: NodeJS.ProcessEnv
  /** Leaves stdout to the test. */
  readonly hasMediaOnStdout?: boolean
  /** Another command to run it by. */
  readonly enter?: readonly string[]
  /** User and group to run as. */
  readonly uid?: number
  readonly gid?: number
}

/** Starts `hypervision ARGS`. Its stdout is text, unless `hasMediaOnStdout`. */
export function startCli(
  args: readonly string[],
  { env = {}, hasMediaOnStdout = false, enter = [], ...user }: CliOptions = {},
): CliProcess {
  const [command, ...words] = [...enter, process.execPath, program, ...args] as [string, ...string[]]
  const child = spawn(command, words, { env: { ...process.env, ...env }, ...user })
  // A process that ends before it has read its input breaks the pipe; how it ended says the rest.
  child.stdin.on('error', () => {})
  running.add(child)
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  const output = { stdout: '', stderr: '' }
  const read = (name: 'stdout' | 'stderr') => {
    createInterface({ input: child[name] }).on('line', (line) => {
      output[name] += `${line}\n`
      lines.push(line)
      for (const listener of listeners) listener(line)
    })
  }
  if (!hasMediaOnStdout) read('stdout')
  read('stderr')
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, ...output })
    })
  })

  const line = (isIt: (line: string) => boolean): Promise<string> => {
    const past = lines.find(isIt)
    if (past !== undefined) return Promise.resolve(past)
    return new Promise((resolve, reject) => {
      const listener = (found: string): void => {
        if (!isIt(found)) return
        listeners.delete(listener)
        resolve(found)
      }
      listeners.add(listener)
      ended.then(() => reject(new Error(`It ended first:\n${output.stdout}${output.stderr}`)), reject)
    })
  }
  return {
    child,
    ended,
    line,
    async event(name, isIt = () => true) {
      const found = await line((text) => {
        const event = eventOf(text)
        return event?.event === name && isIt(event)
      })
      return eventOf(found) ?? { event: name }
    },
  }
}

/** Puts the clip on air, over and over; resolves when it has told its link. */
export async function broadcastClip(
  args: readonly string[],
  options?: Parameters<typeof startCli>[1],
): Promise<{ broadcast: CliProcess; link: string }> {
  const broadcast = startCli(['broadcast', clip, '--loop', ...args, '--json'], options)
  const { link } = await broadcast.event('live')
  return { broadcast, link: String(link) }
}

/**
 * Puts the clip on air all at once, so many times over, and leaves the broadcast open: for tests that need much that is there
 * rather than what comes in real time.
 */
export function startFullBroadcast(times: number, args: readonly string[]): CliProcess {
  const broadcast = startCli(['broadcast', '-', ...args, '--json'])
  const bytes = readFileSync(clip)
  for (let time = 0; time < times; time++) broadcast.child.stdin.write(bytes)
  return broadcast
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: { input?: Uint8Array | string } = {}): Promise<CliEnd> {
  const { child, ended } = startCli(args)
  child.stdin.end(options.input)
  return ended
}

/** Starts a DHT on this machine, in this process; resolves to its address. */
export async function startDht(): Promise<string> {
  const node = await bootstrapNode({ port: 0 })
  networks.add(node)
  return `${node.host}:${node.port}`
}

/** Ends what a test has left running; for `afterEach` and `afterAll`. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      return closed
    }),
  )
  await Promise.all([...networks].map((node) => node.close()))
  networks.clear()
}

/** The event of a line, where it is one. */
export function eventOf(line: string): CliEvent | null {
  if (!line.startsWith('{')) return null
  const event: unknown = JSON.parse(line)
  return typeof event === 'object' && event !== null && 'event' in event ? (event as CliEvent) : null
}
