/** A video player of this machine that shows the stream: whichever there is. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { LiveHub } from '../http/live-hub.ts'
import { usageError } from '../options/option.ts'

/** How each player is told to read stdin without holding much of it back. */
const players: readonly (readonly [program: string, args: readonly string[]])[] = [
  [
    'ffplay',
    [
      '-loglevel',
      'error',
      '-fflags',
      'nobuffer',
      '-flags',
      'low_delay',
      '-autoexit',
      '-window_title',
      'hypervision',
      '-i',
      '-',
    ],
  ],
  ['mpv', ['--profile=low-latency', '--no-terminal', '--title=hypervision', '-']],
  ['vlc', ['--quiet', '--network-caching=300', '--file-caching=300', '--play-and-exit', '-']],
  ['cvlc', ['--quiet', '--file-caching=300', '--play-and-exit', '-']],
]

/** A player and how it is called. */
export interface PlayerProgram {
  readonly name: string
  readonly path: string
  readonly args: readonly string[]
}

/**
 * Finds a player on PATH.
 *
 * @throws HypervisionError ERR_OPTION_INVALID when there is none
 */
export function findPlayer(env: NodeJS.ProcessEnv): PlayerProgram {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  for (const [name, args] of players) {
    const path = folders.map((folder) => join(folder, name + suffix)).find(isProgram)
    if (path !== undefined) return { name, path, args }
  }
  throw usageError(
    '--play needs a player, and ffplay, mpv and vlc are all not on PATH. Install one of them ' +
      '(ffplay comes with ffmpeg), or watch in a browser with --http.',
    { option: 'play' },
  )
}

/** Feeds a player until the stream ends, the person closes it, or the signal aborts. A new epoch is a new player. */
export async function play(program: PlayerProgram, hub: LiveHub, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const reason = await playOnce(program, hub, signal)
    if (reason === 'closed' || hub.isEnded) return
  }
}

async function playOnce(program: PlayerProgram, hub: LiveHub, signal: AbortSignal): Promise<'closed' | 'fed'> {
  const client = hub.join()
  const leave = (): void => client.leave()
  signal.addEventListener('abort', leave, { once: true })
  try {
    // Not started before there is something to show: a player without input puts up a black window, or gives up.
    const first = await client.next()
    if (first === null) return 'fed'
    const child = spawn(program.path, program.args, { stdio: ['pipe', 'ignore', 'ignore'] })
    const exited = exitOf(child)
    exited.then(leave, leave)
    for (let bytes: Uint8Array | null = first; bytes !== null; bytes = await client.next()) {
      if (!child.stdin.write(bytes)) await Promise.race([once(child.stdin, 'drain'), exited])
      if (child.exitCode !== null || child.signalCode !== null) return 'closed'
    }
    if (child.exitCode !== null || child.signalCode !== null) return 'closed'
    if (signal.aborted) child.kill()
    else child.stdin.end()
    await exited
    return 'fed'
  } finally {
    signal.removeEventListener('abort', leave)
    client.leave()
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  // A player that was closed breaks its pipe; its exit says all there is to say.
  child.stdin?.on('error', () => {})
  await once(child, 'exit')
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
