// Pages for tests in browsers: esbuild bundles them from sources, this machine serves them.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.webm': 'video/webm',
}

/** Options of {@link servePage}. */
export interface PageOptions {
  /** TypeScript module that the page runs, a path from the repository's root. */
  readonly script?: string
  /** What else the page may fetch: path on the server → file. */
  readonly files?: Readonly<Record<string, string>>
  /** The page's body. @default '' */
  readonly body?: string
  readonly plugins?: readonly Plugin[]
  /** Conditions of package exports; `[]` takes what was built, as an application does. @default ['hypervision-source'] */
  readonly conditions?: readonly string[]
  /** Modules that stay out of the bundle, by their exact names. */
  readonly external?: readonly string[]
  /** Address of this machine to serve at. @default '127.0.0.1' */
  readonly host?: string
  /** Answers what the page posts to `/answer`. */
  readonly answer?: (question: string) => string
}

/** Bundles a script and serves a page that runs it; resolves to the page's address. The server ends with the test. */
export async function servePage(options: PageOptions): Promise<string> {
  const { url, close } = await serve(options)
  onTestFinished(close)
  return url
}

/** The same, until it is closed. */
export async function serve(options: PageOptions): Promise<{ url: string; close(): void }> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...(options.script === undefined ? { stdin: { contents: '' } } : { entryPoints: [options.script] }),
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: [...(options.conditions ?? ['hypervision-source'])],
    plugins: [leaveOut(options.external ?? []), ...(options.plugins ?? [])],
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  const script = outputFiles[0]?.contents ?? new Uint8Array()
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Test</title><body>${options.body ?? ''}<script type="module" src="/script.js"></script></body></html>`
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/answer' && options.answer !== undefined) {
      response.end(options.answer(await text(request)))
      return
    }
    const file = options.files?.[pathname]
    const known: Readonly<Record<string, string | Uint8Array>> = { '/': html, '/script.js': script }
    const content = known[pathname] ?? (file === undefined ? null : await readFile(resolve(root, file)))
    const type = types[pathname === '/' ? '.html' : extname(pathname)] ?? 'application/octet-stream'
    // A sandboxed frame of the page is of no origin, and fetches its script as a stranger.
    response.writeHead(content === null ? 404 : 200, { 'content-type': type, 'access-control-allow-origin': '*' })
    response.end(content)
  })
  const { host = '127.0.0.1' } = options
  await new Promise<void>((listening) => server.listen(0, host, listening))
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** esbuild's own option leaves out what stands below a name too. */
function leaveOut(names: readonly string[]): Plugin {
  return {
    name: 'leave-out',
    setup: (build) =>
      build.onResolve({ filter: /^[^.]/ }, ({ path }) => (names.includes(path) ? { path, external: true } : null)),
  }
}
