// Serves the studio as any web server would, and says in its `studio.json` what is on air on this machine.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/**
 * Serves a folder to this machine.
 *
 * @param {string} folder
 * @param {{ port: number, site: object }} options `port` 0 for any, and any where it is taken; `site` what `studio.json` says
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serveSite(folder, { port, site }) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/studio.json') {
      response.writeHead(200, { 'content-type': types['.json'], 'cache-control': 'no-cache' })
      response.end(JSON.stringify(site))
      return
    }
    const file = fileOf(folder, pathname)
    if (file === null) {
      response.writeHead(404, { 'content-type': 'text/plain' })
      response.end('There is nothing here.\n')
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response)
  })
  await listen(server, port).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error
    return listen(server, 0)
  })
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

/** The file of a path, and none outside the folder. */
function fileOf(folder, pathname) {
  let path
  try {
    path = normalize(join(folder, decodeURIComponent(pathname), pathname.endsWith('/') ? 'index.html' : ''))
  } catch {
    return null
  }
  const isInside = path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
  return isInside && !path.includes('\0') && existsSync(path) && statSync(path).isFile() ? path : null
}
