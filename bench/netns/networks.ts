/** Where peers run: all on this machine's loopback, or each in a network namespace, with an address and an uplink of its own. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A place for peers. */
export interface Network {
  /** What precedes the command of a peer's process. */
  enter(peer: number): readonly string[]
  /** Its address. */
  host(peer: number): string
  /** What the lines are like, in words. */
  readonly lines: string
  close(): Promise<void>
}

/** How the uplink of a peer is. */
export interface Uplink {
  readonly bitsPerSecond: number
  readonly delayMs: number
  readonly lossPercent: number
}

/** Everybody on loopback. */
export const loopback: Network = {
  enter: () => [],
  host: () => '127.0.0.1',
  lines: 'loopback',
  close: async () => {},
}

const prefix = 'hvbench'
const bridge = `${prefix}br`

/**
 * Makes a namespace for each peer, all on one bridge. Needs root, `ip` and `tc`. Where the kernel has no netem, uplinks have their rate and
 * neither delay nor loss, and `lines` says so.
 *
 * @throws where namespaces cannot be made
 */
export async function namespaces(uplinks: readonly Uplink[]): Promise<Network> {
  const close = async (): Promise<void> => {
    for (const peer of uplinks.keys()) await run('ip', ['netns', 'del', `${prefix}${peer}`]).catch(() => {})
    await run('ip', ['link', 'del', bridge]).catch(() => {})
  }
  // What a run that was killed has left behind.
  await close()
  try {
    await run('ip', ['link', 'add', bridge, 'type', 'bridge'])
    await run('ip', ['link', 'set', bridge, 'up'])
    let hasNetem = true
    for (const [peer, uplink] of uplinks.entries()) {
      await addNamespace(peer)
      if (hasNetem) hasNetem = await shapeByNetem(peer, uplink)
      if (!hasNetem) await shapeByTokens(peer, uplink)
    }
    const lines = hasNetem
      ? 'own addresses; rate, delay and loss by netem'
      : 'own addresses; rate by tbf, no netem in this kernel'
    return { enter: (peer) => ['ip', 'netns', 'exec', `${prefix}${peer}`], host: addressOf, lines, close }
  } catch (error) {
    await close()
    throw error
  }
}

function addressOf(peer: number): string {
  return `10.231.0.${peer + 1}`
}

async function addNamespace(peer: number): Promise<void> {
  const [name, outer] = [`${prefix}${peer}`, `${prefix}o${peer}`]
  await run('ip', ['netns', 'add', name])
  await run('ip', ['link', 'add', outer, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name])
  await run('ip', ['link', 'set', outer, 'master', bridge, 'up'])
  const inside = (...words: string[]): Promise<unknown> => run('ip', ['-n', name, ...words])
  await inside('addr', 'add', `${addressOf(peer)}/24`, 'dev', 'eth0')
  await inside('link', 'set', 'lo', 'up')
  await inside('link', 'set', 'eth0', 'up')
  await inside('route', 'add', 'default', 'dev', 'eth0')
}

/** False where the kernel does not know it. */
async function shapeByNetem(peer: number, { bitsPerSecond, delayMs, lossPercent }: Uplink): Promise<boolean> {
  const netem = ['netem', 'delay', `${delayMs}ms`, 'loss', `${lossPercent}%`, 'rate', `${bitsPerSecond}bit`]
  return shape(peer, netem).then(
    () => true,
    () => false,
  )
}

async function shapeByTokens(peer: number, { bitsPerSecond }: Uplink): Promise<void> {
  await shape(peer, ['tbf', 'rate', `${bitsPerSecond}bit`, 'burst', '32kb', 'latency', '400ms'])
}

async function shape(peer: number, discipline: readonly string[]): Promise<void> {
  await run('tc', ['-n', `${prefix}${peer}`, 'qdisc', 'add', 'dev', 'eth0', 'root', ...discipline])
}
