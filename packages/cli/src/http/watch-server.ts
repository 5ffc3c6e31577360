/** The HTTP side of `watch`: a page, the stream, and what is known about both. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HypervisionError } from '@hypervision/core/contracts'
import { readAsset } from '../package-files.ts'
import { allowLocalPages, isHostAllowed } from './access.ts'
import { EventFeed } from './event-feed.ts'
import type { LiveHub } from './live-hub.ts'
import { sendLiveStream } from './live-response.ts'
import { isWildcard, ownAddresses } from './own-addresses.ts'

/** Options of {@link startWatchServer}. */
export interface WatchServerOptions {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  /** Whether any other port will do when this one is taken. */
  readonly isPortWish: boolean
  readonly hub: LiveHub
  /** What `/stats.json` and the page show now: plain data. */
  status(): unknown
}

/** A running server. */
export interface WatchServer {
  /** Where a browser of this machine finds it: `http://127.0.0.1:8040/` */
  readonly url: string
  /** Where other machines find it, where it listens on every address: `http://192.168.1.20:8040/` */
  readonly otherUrls: readonly string[]
  /** Tells the pages the status now. */
  notify(): void
  /** Ends responses after what waits for them, within a second, and stops listening. Idempotent. */
  close(): Promise<void>
}

/** Players, pages and probes together; a browser opens a few per page. */
const maxConnections = 128
/** How long clients may take to fetch the end. */
const farewellMs = 1000

const pageFiles: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['page/index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page/page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page/page.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['page/icon.svg', 'image/svg+xml'],
}

/** Nothing from elsewhere: the page works on a machine without a network. */
const contentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Starts to serve.
 *
 * @throws HypervisionError ERR_TRANSPORT_PORT when the port is taken or may not be bound
 */
export async function startWatchServer(options: WatchServerOptions): Promise<WatchServer> {
  const events = new EventFeed()
  const server = createServer((request, response) => answer(options, events, request, response))
  server.maxConnections = maxConnections
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const isEverywhere = isWildcard(options.host)
  let closing: Promise<void> | null = null
  return {
    url: urlOf(isEverywhere ? '127.0.0.1' : options.host, port),
    otherUrls: isEverywhere ? ownAddresses().map((address) => urlOf(address, port)) : [],
    notify: () => events.send(options.status()),
    close: () => {
      closing ??= closeServer(server, options.hub, events)
      return closing
    },
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
}

function answer(
  options: WatchServerOptions,
  events: EventFeed,
  request: IncomingMessage,
  response: ServerResponse,
): void {
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
    send(options, events, path, request.method === 'HEAD', response)
  }
}

function send(
  { hub, status }: WatchServerOptions,
  events: EventFeed,
  path: string,
  isHead: boolean,
  response: ServerResponse,
): void {
  const page = Object.hasOwn(pageFiles, path) ? pageFiles[path] : undefined
  if (path === '/live.webm') {
    // A live stream has no byte offsets to come back to: a request for a range gets all that comes from now on.
    response.writeHead(200, { 'content-type': 'video/webm', 'accept-ranges': 'none', connection: 'close' })
    if (isHead) response.end()
    else sendLiveStream(hub, response).catch(() => response.destroy())
  } else if (path === '/stats.json') {
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.end(isHead ? undefined : `${JSON.stringify(status())}\n`)
  } else if (path === '/events' && !isHead) {
    events.add(response, status())
  } else if (page !== undefined) {
    const [file, type] = page
    response.writeHead(200, { 'content-type': type, 'content-security-policy': contentSecurityPolicy })
    response.end(isHead ? undefined : readAsset(file))
  } else {
    sendText(response, 404, 'There is /, /live.webm and /stats.json.\n')
  }
}

/** Answers what went wrong. The connection ends with it, so that nobody goes on sending a body. */
function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text)
}

function listen(server: Server, { host, port, isPortWish }: WatchServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onerror = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' && isPortWish) return void server.listen(0, host)
      reject(portError(error, host, port))
    }
    server.on('error', onerror)
    server.listen(port, host, () => {
      server.off('error', onerror)
      resolve()
    })
  })
}

function portError(error: NodeJS.ErrnoException, host: string, port: number): HypervisionError {
  const problems: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program uses it. Choose another with --http PORT, or let the system choose with --http 0',
    EACCES: 'this user may not use it. Choose one above 1023 with --http PORT',
    EADDRNOTAVAIL: 'this machine does not have the address. Choose one that it has with --host',
    ENOTFOUND: 'the name is unknown. Give an address of this machine with --host',
  }
  const problem = problems[error.code ?? ''] ?? error.message
  return new HypervisionError('ERR_TRANSPORT_PORT', `Port ${port} of ${host} cannot be opened: ${problem}.`, {
    cause: error,
    detail: { host, port },
  })
}

async function closeServer(server: Server, hub: LiveHub, events: EventFeed): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  hub.end()
  events.end()
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), farewellMs)
  await closed
  clearTimeout(timer)
}
