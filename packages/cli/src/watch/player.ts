/** A video player of this machine that shows the stream: whichever there is. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { LiveHub } from '../http/live-hub.ts'
import { usageError } from '../options/option.ts'

/** How each player is told to read stdin without holding much of it back. */
const players: readonly (readonly [program: string, args: string])[] = [
  ['ffplay', '-loglevel error -fflags nobuffer -flags low_delay -autoexit -window_title hypervision -i -'],
  ['mpv', '--profile=low-latency --no-terminal --title=hypervision -'],
  ['vlc', '--quiet --network-caching=300 --file-caching=300 --play-and-exit -'],
  ['cvlc', '--quiet --file-caching=300 --play-and-exit -'],
]

/** A player that was asked to go and has not gone so long after is made to. */
const graceMs = 2000
/** The end of what a player says: enough for the reason why it gave up. */
const keptCharacters = 500

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
    if (path !== undefined) return { name, path, args: args.split(' ') }
  }
  throw usageError(
    '--play needs a player, and ffplay, mpv and vlc are all not on PATH. Install one of them ' +
      '(ffplay comes with ffmpeg), or watch in a browser with --http.',
    { option: 'play' },
  )
}

/**
 * Feeds a player until the stream ends, the person closes it, or the signal aborts. A new epoch is a new player.
 *
 * @throws HypervisionError ERR_OPTION_INVALID when the player gives up
 */
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
    const player = new Player(program)
    player.ended.then(leave, leave)
    signal.addEventListener('abort', player.stop, { once: true })
    for (let bytes: Uint8Array | null = first; bytes !== null && !player.hasEnded; bytes = await client.next()) {
      await player.write(bytes)
    }
    const isClosed = player.hasEnded
    player.finish()
    const problem = await player.ended
    signal.removeEventListener('abort', player.stop)
    if (problem !== null && !signal.aborted) throw playerError(program, problem)
    return isClosed ? 'closed' : 'fed'
  } finally {
    signal.removeEventListener('abort', leave)
    client.leave()
  }
}

/** A running player. */
class Player {
  readonly #child: ChildProcessByStdio<Writable, null, Readable>
  /** Resolves when the process is gone: to null after a clean end, or to what went wrong. */
  readonly ended: Promise<string | null>
  #hasEnded = false
  #lastWords = ''

  constructor({ path, args }: PlayerProgram) {
    this.#child = spawn(path, args, { stdio: ['pipe', 'ignore', 'pipe'] })
    // A player that was closed breaks its pipe; its exit says all there is to say.
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-keptCharacters)
    })
    this.ended = this.#exit().finally(() => {
      this.#hasEnded = true
    })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Resolves when more can be taken, or when the player is gone. A paused one may keep it waiting. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#hasEnded || this.#child.stdin.write(bytes)) return
    const waiting = new AbortController()
    const drained = once(this.#child.stdin, 'drain', { signal: waiting.signal }).catch(() => {})
    await Promise.race([drained, this.ended])
    waiting.abort()
  }

  /** Nothing follows: it shows what it has, and goes. */
  finish(): void {
    this.#child.stdin.end()
  }

  /** Asks it to go, and makes it where it does not. */
  readonly stop = (): void => {
    this.#child.kill()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs)
    void this.ended.finally(() => clearTimeout(timer))
  }

  async #exit(): Promise<string | null> {
    try {
      const [code, killedBy] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null]
      if (code === 0 || killedBy !== null) return null
      const words = this.#lastWords.trim().split('\n').at(-1) ?? ''
      return `it ended with exit code ${code}${words === '' ? '' : ` and said: ${words}`}`
    } catch (error) {
      return `it cannot be started: ${error instanceof Error ? error.message : String(error)}`
    }
  }
}

function playerError({ path }: PlayerProgram, problem: string) {
  return usageError(`--play does not work with ${path}: ${problem}. Watch in a browser with --http.`, {
    option: 'play',
    program: path,
  })
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
