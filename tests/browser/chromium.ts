// Real Chromium for tests: pages that esbuild bundles from sources, served from this machine, in as many browser contexts as
// a test wants. A person's own browser is never touched: every start has a profile of its own.
import { accessSync, constants } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, extname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.webm': 'video/webm',
}

/** How to start Chromium. */
export interface ChromiumOptions {
  readonly args?: readonly string[]
  /** Whether sound may begin without a person's click. @default true */
  readonly mayAutoplay?: boolean
}

/** Starts Chromium; it ends with the test. */
export async function startChromium(options?: ChromiumOptions): Promise<Browser> {
  const browser = await launch(options)
  onTestFinished(() => browser.close())
  return browser
}

function launch({ args = [], mayAutoplay = true }: ChromiumOptions = {}): Promise<Browser> {
  const policy = `--autoplay-policy=${mayAutoplay ? 'no-user-gesture-required' : 'document-user-activation-required'}`
  return chromium.launch({ executablePath: findChromium(), args: [...flags, policy, ...args] })
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
  /** Answers what the page posts to `/answer`. */
  readonly answer?: (question: string) => string
}

/** Bundles a script and serves a page that runs it; resolves to the page's address. The server ends with the test. */
export async function servePage(options: PageOptions): Promise<string> {
  const { url, close } = await serve(options)
  onTestFinished(close)
  return url
}

/**
 * One Chromium and one page's server for all tests of a file: to be called where they are declared, and used within them.
 * Each test has its own contexts, and closes what would disturb the next one.
 */
export function sharePage(
  page: PageOptions,
  options?: ChromiumOptions,
): { readonly browser: Browser; readonly url: string } {
  const shared: { browser?: Browser; url?: string } = {}
  const get = <Name extends 'browser' | 'url'>(name: Name) => {
    const value = shared[name]
    if (value === undefined) throw new Error('The page is there once the tests run.')
    return value
  }
  let close = (): void => {}
  beforeAll(async () => {
    shared.browser = await launch(options)
    ;({ url: shared.url, close } = await serve(page))
  })
  afterAll(async () => {
    await shared.browser?.close()
    close()
  })
  return {
    get browser() {
      return get('browser')
    },
    get url() {
      return get('url')
    },
  }
}

async function serve(options: PageOptions): Promise<{ url: string; close(): void }> {
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
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Opens a page in a context of its own; what goes wrong in it is in `errors`, what it logs in `messages`. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[]; messages: string[] }> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const errors: string[] = []
  const messages: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
    else messages.push(message.text())
  })
  await page.goto(url)
  return { page, errors, messages }
}

/** esbuild's own option leaves out what stands below a name too. */
function leaveOut(names: readonly string[]): Plugin {
  return {
    name: 'leave-out',
    setup: (build) =>
      build.onResolve({ filter: /^[^.]/ }, ({ path }) => (names.includes(path) ? { path, external: true } : null)),
  }
}

function findChromium(): string {
  if (process.env.HYPERVISION_CHROMIUM) return process.env.HYPERVISION_CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
  if (found === undefined) throw new Error('There is no Chromium on PATH; `npm test` installs one.')
  return found
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
