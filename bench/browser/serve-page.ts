// Pages for benches, which esbuild bundles from sources, served on this machine.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BuildOptions, build } from 'esbuild'

/** A page that is served until it is closed. */
export interface ServedPage {
  readonly url: string
  close(): void
}

/** Bundles a script from the sources and serves a page that runs it. */
export async function servePage(script: string, options: BuildOptions = {}): Promise<ServedPage> {
  const { outputFiles } = await build({
    entryPoints: [script],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['hypervision-source'],
    logLevel: 'error',
    ...options,
  })
  const content = outputFiles?.[0]?.contents ?? new Uint8Array()
  const html =
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="/page.js"></script>'
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? content : html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
