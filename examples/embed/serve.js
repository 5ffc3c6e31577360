// Serves index.html to this machine with a link and a tracker put in, and the player beside it. A site of your own does without
// this: write both into the page, and copy the two files of the player.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = 'Usage: node serve.js LINK --tracker URL [--port PORT]'
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }
const player = new URL('.', import.meta.resolve('@hypervision/viewer/package.json'))
/** Path on the site → file. */
const files = {
  '/hypervision/embed.html': new URL('embed.html', player),
  '/hypervision/dist/script/element.js': new URL('dist/script/element.js', player),
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tracker: { type: 'string' }, port: { type: 'string', default: '0' } },
  })
  const [link] = positionals
  const { tracker, port } = values
  if (link === undefined || tracker === undefined) throw new Error(usage)
  const page = (await readFile(new URL('index.html', import.meta.url), 'utf8'))
    .replaceAll('LINK', escapeHtml(link))
    .replaceAll('=TRACKER', `=${encodeURIComponent(tracker)}`)
    .replaceAll('TRACKER', escapeHtml(tracker))

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = files[pathname]
    const body = pathname === '/' ? page : file === undefined ? null : await readFile(fileURLToPath(file))
    response.writeHead(body === null ? 404 : 200, { 'content-type': types[extname(pathname)] ?? types['.html'] })
    response.end(body)
  })
  server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
  const end = () => {
    server.close()
    server.closeAllConnections()
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
} catch (error) {
  console.error(error.message)
  if (error.code?.startsWith('ERR_PARSE_ARGS')) console.error(usage)
  process.exitCode = 1
}

function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
