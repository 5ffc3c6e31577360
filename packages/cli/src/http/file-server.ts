/** The HTTP side of `serve`: recorded files with ranges, a page that plays them, and a list for programs. */
import type { ServerResponse } from 'node:http'
import type { RecordedFile } from '@hypervision/core'
import { readAsset } from '../package-files.ts'
import { type FileTraffic, sendFile } from './file-response.ts'
import {
  contentSecurityPolicy,
  type HttpServer,
  type HttpServerOptions,
  type ReadRequest,
  sendText,
  startHttpServer,
} from './http-server.ts'
import { type ServedFile, servePage } from './serve-page.ts'

/** Options of {@link startFileServer}. */
export interface FileServerOptions extends Pick<HttpServerOptions, 'host' | 'port' | 'isPortWish'> {
  readonly files: readonly RecordedFile[]
  /** Title of the channel. */
  readonly title: string | null
  /** Of a public channel; null for a private one. */
  readonly link: string | null
  /** Told of a response that broke off. */
  onfailure(error: unknown): void
}

/** A running server. */
export interface FileServer extends HttpServer {
  /** What it serves, under which addresses. */
  readonly files: readonly ServedFile[]
  /** Figures as they are now. */
  stats(): { readonly responses: number; readonly bytesSent: number }
}

const assets: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/page.css': ['page/page.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['page/icon.svg', 'image/svg+xml'],
}

/**
 * Starts to serve.
 *
 * @throws HypervisionError ERR_TRANSPORT_PORT when the port is taken or may not be bound
 */
export async function startFileServer(options: FileServerOptions): Promise<FileServer> {
  const { host, port, isPortWish, title, link, onfailure } = options
  const files = options.files.map((file) => ({
    path: file.number === 1 ? '/video.webm' : `/video-${file.number}.webm`,
    file,
  }))
  const page = servePage(files, title, link)
  const list = `${JSON.stringify({ link, title, files: files.map(detailOf) })}\n`
  let responses = 0
  let bytesSent = 0
  const traffic: FileTraffic = {
    sent: (bytes) => {
      bytesSent += bytes
    },
    failed: onfailure,
  }
  const server = await startHttpServer({
    host,
    port,
    isPortWish,
    portOption: '--port',
    answer(request, response) {
      responses++
      response.on('close', () => responses--)
      const served = files.find(({ path }) => path === request.path)
      if (served !== undefined) sendFile(served.file, request, response, traffic)
      else sendPage(request, response, page, list)
    },
  })
  return { ...server, files, stats: () => ({ responses, bytesSent }) }
}

/** A served file as plain data. */
export function detailOf({ path, file }: ServedFile) {
  const { title, mimeType, byteLength, durationSeconds, time } = file
  return { path, title, mimeType, bytes: byteLength, seconds: durationSeconds, time: time.toISOString() }
}

function sendPage({ path, isHead }: ReadRequest, response: ServerResponse, page: string, list: string): void {
  const asset = Object.hasOwn(assets, path) ? assets[path] : undefined
  if (path === '/') {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
    })
    response.end(isHead ? undefined : page)
  } else if (path === '/files.json') {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(isHead ? undefined : list)
  } else if (asset !== undefined) {
    const [file, type] = asset
    response.writeHead(200, { 'content-type': type })
    response.end(isHead ? undefined : readAsset(file))
  } else {
    sendText(response, 404, 'There is /, /video.webm and /files.json.\n')
  }
}
