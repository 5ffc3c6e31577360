// coturn on this machine, as long as the bench runs. https://github.com/coturn/coturn
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'

/** A running TURN server. */
export interface TurnServer {
  readonly urls: string
  readonly username: string
  readonly credential: string
  /** Resolves when it is gone. */
  close(): Promise<void>
}

/**
 * Starts it on the machine's own address: it relays to no loopback address.
 *
 * @throws Error where there is none, or no network
 */
export async function startTurnServer(): Promise<TurnServer> {
  const address = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address
  if (address === undefined) throw new Error('This machine has no address but that of loopback; TURN needs another.')
  const [port, username, credential] = [await freePort(address), 'bench', 'relay']
  const options = ['-n', '-L', address, '-E', address, '-p', String(port), '-r', 'bench']
  const quiet = ['--no-tls', '--no-dtls', '--no-cli', '--no-tcp', '--pidfile', '', '--log-file', 'stdout']
  const server = spawn('turnserver', [...options, ...quiet, '--lt-cred-mech', '-u', `${username}:${credential}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const gone = once(server, 'exit')
  await new Promise<void>((resolve, reject) => {
    server.on('error', () =>
      reject(new Error('There is no turnserver on PATH. Debian, Ubuntu: apt-get install coturn')),
    )
    server.on('exit', (code) => reject(new Error(`turnserver ended with ${code}`)))
    let log = ''
    server.stdout.on('data', (text: Buffer) => {
      log = (log + text).slice(-10_000)
      if (/Total General servers/.test(log)) resolve()
    })
  })
  return {
    urls: `turn:${address}:${port}`,
    username,
    credential,
    async close() {
      server.kill()
      await gone
    },
  }
}

async function freePort(address: string): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}
