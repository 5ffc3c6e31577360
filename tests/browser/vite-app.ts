// An application as `npm create vite` makes it, in a folder of its own: written by the test, served and built by Vite.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer, type InlineConfig, type PluginOption, preview } from 'vite'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What stands in the vanilla-ts template, less its pictures and its counter. */
const template: Readonly<Record<string, string>> = {
  'index.html': `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <link rel="icon" type="image/svg+xml" href="/vite.svg" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
    <title>Vite + TS</title>
  </head>
  <body>
    <div id="app"></div>
    <script type="module" src="/src/main.ts"></script>
  </body>
</html>
`,
  'package.json': JSON.stringify({ name: 'vite-app', private: true, version: '0.0.0', type: 'module' }),
  'public/vite.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'src/style.css': ':root { color-scheme: light dark; }\n',
  'src/vite-env.d.ts': '/// <reference types="vite/client" />\n',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'ESNext',
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      skipLibCheck: true,
      moduleResolution: 'bundler',
      noEmit: true,
      strict: true,
    },
    include: ['src'],
  }),
}

/** What the application has besides the template. */
export interface ViteAppOptions {
  /** Its own files, paths from its folder → text or bytes; `src/main.ts` is what the page runs. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** Folders of packages that it gets as npm would install them: what is published, no more. */
  readonly installed?: readonly string[]
  /** Packages that it gets with all that they depend on: name → folder, a path from the repository's root. */
  readonly linked?: Readonly<Record<string, string>>
  /** @default none, as in the template */
  readonly plugins?: readonly PluginOption[]
  /** A Content-Security-Policy in the page's head. @default none */
  readonly policy?: string
}

/** An application; its folder and servers end with the test. */
export interface ViteApp {
  readonly folder: string
  /** Serves it as `vite` does; resolves to its address. */
  serve(): Promise<string>
  /** Builds it and serves that, as `vite build` and `vite preview` do; resolves to its address. */
  build(): Promise<string>
}

/** Writes an application. */
export function createViteApp({ files, installed = [], linked = {}, plugins = [], policy }: ViteAppOptions): ViteApp {
  const folder = mkdtempSync(join(tmpdir(), 'hypervision-vite-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries({ ...template, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  if (policy !== undefined) {
    const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`
    writeFileSync(join(folder, 'index.html'), template['index.html']?.replace('<head>', `<head>${meta}`) ?? '')
  }
  for (const one of installed) install(join(root, one), folder)
  for (const [name, target] of Object.entries(linked)) {
    const place = join(folder, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(root, target), place, 'dir')
  }
  const config: InlineConfig = {
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [...plugins],
    // Any free port.
    server: { host: '127.0.0.1', port: 0 },
    preview: { host: '127.0.0.1', port: 0 },
  }
  return {
    folder,
    async serve() {
      const server = await createServer(config)
      onTestFinished(() => server.close())
      await server.listen()
      return addressOf(server.resolvedUrls)
    },
    async build() {
      await build({ ...config, build: { chunkSizeWarningLimit: 10_000 } })
      const server = await preview(config)
      onTestFinished(() => server.close())
      return addressOf(server.resolvedUrls)
    },
  }
}

/** Copies what is published of a package, with the manifest that is published. */
function install(source: string, folder: string): void {
  const {
    publishConfig,
    dependencies: _,
    devDependencies: __,
    ...manifest
  } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const place = join(folder, 'node_modules', manifest.name)
  mkdirSync(place, { recursive: true })
  for (const file of manifest.files) cpSync(join(source, file), join(place, file), { recursive: true })
  writeFileSync(join(place, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }))
}

function addressOf(urls: { local: string[] } | null): string {
  const [url] = urls?.local ?? []
  if (url === undefined) throw new Error('Vite serves at no address')
  return url
}
