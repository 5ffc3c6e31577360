/** What the servers of `watch` and `serve` have in common: a port, who may read from it, and an end. Nothing is ever written to them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HypervisionError } from '@hypervision/core/contracts'
import { allowLocalPages, isHostAllowed } from './access.ts'
import { isWildcard, ownAddresses } from './own-addresses.ts'

/** A request for something to read, by a GET or a HEAD. */
export interface ReadRequest {
  /** Without the query. */
  readonly path: string
  readonly isHead: boolean
  readonly headers: IncomingMessage['headers']
}

/** Options of {@link startHttpServer}. */
export interface HttpServerOptions {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  /** Whether any other port will do when this one is taken. */
  readonly isPortWish: boolean
  /** The option that names the port, for messages: `--http`. */
  readonly portOption: string
  /** Answers a request that may be answered. */
  answer(request: ReadRequest, response: ServerResponse): void
  /** Told when the server begins to close, so that responses which go on for ever end. */
  onclose?(): void
}

/** A running server. */
export interface HttpServer {
  /** Where a browser of this machine finds it: `http://127.0.0.1:8040/` */
  readonly url: string
  /** Where other machines find it, where it listens on every address: `http://192.168.1.20:8040/` */
  readonly otherUrls: readonly string[]
  /** Ends responses after what waits for them, within a second, and stops listening. Idempotent. */
  close(): Promise<void>
}

/** Players, pages and probes together; a browser opens a few per page. */
const maxConnections = 128
/** How long clients may take to fetch the end. */
const farewellMs = 1000

/** Nothing from elsewhere: pages work on a machine without a network. */
export const contentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Starts to serve.
 *
 * @throws HypervisionError ERR_TRANSPORT_PORT when the port is taken or may not be bound
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => answer(options, request, response))
  server.maxConnections = maxConnections
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const isEverywhere = isWildcard(options.host)
  let closing: Promise<void> | null = null
  return {
    url: urlOf(isEverywhere ? '127.0.0.1' : options.host, port),
    otherUrls: isEverywhere ? ownAddresses().map((address) => urlOf(address, port)) : [],
    close: () => {
      closing ??= closeServer(server, options)
      return closing
    },
  }
}

/** Answers what went wrong. The connection ends with it, so that nobody goes on sending a body. */
export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text)
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
}

function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('cache-control', 'no-store')
  if (!isHostAllowed(request, options.host)) {
    const { host } = request.headers
    sendText(
      response,
      421,
      `This server is not ${host ?? 'the one of a request without Host'}. Open it by its address.\n`,
    )
    return
  }
  allowLocalPages(request, response)
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end()
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, OPTIONS')
    sendText(response, 405, 'There is nothing here but things to read.\n')
  } else {
    const [path = ''] = (request.url ?? '').split('?')
    options.answer({ path, isHead: request.method === 'HEAD', headers: request.headers }, response)
  }
}

function listen(server: Server, options: HttpServerOptions): Promise<void> {
  const { host, port, isPortWish } = options
  return new Promise((resolve, reject) => {
    const onerror = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' && isPortWish) return void server.listen(0, host)
      reject(portError(error, options))
    }
    server.on('error', onerror)
    server.listen(port, host, () => {
      server.off('error', onerror)
      resolve()
    })
  })
}

function portError(error: NodeJS.ErrnoException, { host, port, portOption }: HttpServerOptions): HypervisionError {
  const problems: Readonly<Record<string, string>> = {
    EADDRINUSE: `another program uses it. Choose another with ${portOption} PORT, or let the system choose with ${portOption} 0`,
    EACCES: `this user may not use it. Choose one above 1023 with ${portOption} PORT`,
    EADDRNOTAVAIL: 'this machine does not have the address. Choose one that it has with --host',
    ENOTFOUND: 'the name is unknown. Give an address of this machine with --host',
  }
  const problem = problems[error.code ?? ''] ?? error.message
  return new HypervisionError('ERR_TRANSPORT_PORT', `Port ${port} of ${host} cannot be opened: ${problem}.`, {
    cause: error,
    detail: { host, port },
  })
}

async function closeServer(server: Server, { onclose }: HttpServerOptions): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  onclose?.()
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), farewellMs)
  await closed
  clearTimeout(timer)
}
