// A machine of its own on a line to this one: a network namespace, whose address a test changes and whose line it cuts. Needs root and `ip`.
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What runs in it is on another machine, as far as the network goes. */
export interface NetworkNamespace {
  /** Address of this machine on the line. */
  readonly host: string
  /** What precedes a command that is to run there. */
  readonly enter: readonly string[]
  /** It gets another address, and the old one is gone, as when a laptop goes from one network to another. */
  move(): Promise<void>
  /** Nothing goes through until {@link mend}. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

/** Whether this process may make one. */
export const hasNamespaces = mayMakeNamespaces()

function mayMakeNamespaces(): boolean {
  const name = `hv-may-${process.pid}`
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Makes one; whoever makes it closes it. */
export async function networkNamespace(): Promise<NetworkNamespace> {
  const name = `hv-${process.pid}`
  // Of its own for each process: what another run has left behind, or does at the same time, is not in the way.
  const subnet = `10.${64 + ((process.pid >> 8) & 63)}.${process.pid & 255}`
  const host = `${subnet}.1`
  let last = 1
  const ip = (...words: string[]): Promise<unknown> => run('ip', words)
  const inside = (...words: string[]): Promise<unknown> => ip('-n', name, ...words)
  const route = (): Promise<unknown> => inside('route', 'replace', 'default', 'via', host)
  const move = async (): Promise<void> => {
    await inside('address', 'flush', 'dev', 'eth0', 'scope', 'global')
    await inside('address', 'add', `${subnet}.${++last}/24`, 'dev', 'eth0')
    await route()
  }
  const close = async (): Promise<void> => {
    await ip('netns', 'delete', name)
    // It goes by itself once the last process there has ended.
    await ip('link', 'delete', name).catch(() => {})
  }
  await ip('netns', 'add', name)
  try {
    await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    await ip('address', 'add', `${host}/24`, 'dev', name)
    await ip('link', 'set', name, 'up')
    await inside('link', 'set', 'lo', 'up')
    await inside('link', 'set', 'eth0', 'up')
    await move()
  } catch (error) {
    await close()
    throw error
  }
  return {
    host,
    enter: ['ip', 'netns', 'exec', name],
    move,
    cut: async () => void (await inside('link', 'set', 'eth0', 'down')),
    async mend() {
      await inside('link', 'set', 'eth0', 'up')
      await route()
    },
    close,
  }
}
