/** Makes hypercore run in what Vite serves and bundles, and in what Rollup and Rolldown bundle. */
import { type EsbuildPlugin, hypercoreWeb as forEsbuild } from './esbuild.ts'
import { standInFor } from './stand-ins.ts'

/** The part of Rollup's plugin interface that is used. */
export interface RollupPlugin {
  name: string
  /** The stand-in for a module, where it has one. */
  resolveId(source: string, importer: string | undefined): string | null
}

/** The part of Vite's plugin interface that is used. */
export interface VitePlugin extends RollupPlugin {
  enforce: 'pre'
  /** What Vite is to do with dependencies that it bundles beforehand. */
  config(this: unknown): { optimizeDeps: DependencyPlugins }
}

/** Plugins for the bundling of dependencies beforehand, which Vite does while it serves: by esbuild up to 7, then by Rolldown. */
export type DependencyPlugins =
  | { esbuildOptions: { plugins: EsbuildPlugin[] } }
  | { rolldownOptions: { plugins: RollupPlugin[] } }

/**
 * The plugin, for `plugins` of vite.config.ts. An application that imports only `@hypervision/core` needs none.
 *
 * ```ts
 * import { hypercoreWeb } from '@hypervision/hypercore-web/vite'
 *
 * export default { plugins: [hypercoreWeb()] }
 * ```
 */
export function hypercoreWeb(): VitePlugin {
  const plugin: RollupPlugin = { name: 'hypercore-web', resolveId: standInFor }
  return {
    ...plugin,
    enforce: 'pre',
    config() {
      const { meta } = (this ?? {}) as { meta?: { rolldownVersion?: string } }
      return {
        optimizeDeps:
          meta?.rolldownVersion === undefined
            ? { esbuildOptions: { plugins: [forEsbuild()] } }
            : { rolldownOptions: { plugins: [plugin] } },
      }
    },
  }
}
