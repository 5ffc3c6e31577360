/** Makes hypercore run in what Vite serves and bundles, and in what Rollup bundles. */
import { fileURLToPath } from 'node:url'
import { type EsbuildPlugin, hypercoreWeb as forEsbuild } from './esbuild.ts'
import { standInFor } from './stand-ins.ts'

/** The part of Vite's plugin interface that is used. */
export interface VitePlugin {
  name: string
  enforce: 'pre'
  resolveId(source: string, importer: string | undefined): string | null
  config(): { optimizeDeps: { esbuildOptions: { plugins: EsbuildPlugin[] } } }
}

/**
 * The plugin, for `plugins` of vite.config.ts. An application that imports only `@hypervision/core` needs none.
 */
export function hypercoreWeb(): VitePlugin {
  return {
    name: 'hypercore-web',
    enforce: 'pre',
    resolveId(source, importer) {
      const standIn = standInFor(source, importer)
      return standIn === null ? null : fileURLToPath(standIn)
    },
    // While it serves, Vite bundles dependencies beforehand, by esbuild.
    config: () => ({ optimizeDeps: { esbuildOptions: { plugins: [forEsbuild()] } } }),
  }
}
