/** The HTTP side of `watch`: a page, the stream, and what is known about both. */
import type { ServerResponse } from 'node:http'
import { readAsset } from '../package-files.ts'
import { EventFeed } from './event-feed.ts'
import {
  contentSecurityPolicy,
  type HttpServer,
  type HttpServerOptions,
  type ReadRequest,
  sendText,
  startHttpServer,
} from './http-server.ts'
import type { LiveHub } from './live-hub.ts'
import { sendLiveStream } from './live-response.ts'

/** Options of {@link startWatchServer}. */
export interface WatchServerOptions extends Pick<HttpServerOptions, 'host' | 'port' | 'isPortWish'> {
  readonly hub: LiveHub
  /** What `/stats.json` and the page show now: plain data. */
  status(): unknown
}

/** A running server. */
export interface WatchServer extends HttpServer {
  /** Tells the pages the status now. */
  notify(): void
}

const pageFiles: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['page/index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page/page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page/page.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['page/icon.svg', 'image/svg+xml'],
}

/**
 * Starts to serve.
 *
 * @throws HypervisionError ERR_TRANSPORT_PORT when the port is taken or may not be bound
 */
export async function startWatchServer(options: WatchServerOptions): Promise<WatchServer> {
  const { host, port, isPortWish, hub, status } = options
  const events = new EventFeed()
  const server = await startHttpServer({
    host,
    port,
    isPortWish,
    portOption: '--http',
    answer: (request, response) => send(options, events, request, response),
    onclose() {
      hub.end()
      events.end()
    },
  })
  return { ...server, notify: () => events.send(status()) }
}

function send(
  { hub, status }: WatchServerOptions,
  events: EventFeed,
  { path, isHead }: ReadRequest,
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
