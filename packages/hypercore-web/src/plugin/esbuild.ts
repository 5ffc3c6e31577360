/** Makes hypercore run in what esbuild bundles for a page. */
import { standInFor } from './stand-ins.ts'

/** The part of esbuild's plugin interface that is used. */
export interface EsbuildPlugin {
  name: string
  /** Puts the stand-ins in place. */
  setup(build: {
    onResolve(
      options: { filter: RegExp },
      callback: (found: { path: string; importer: string }) => { path: string } | null,
    ): void
  }): void
}

/**
 * The plugin.
 *
 * ```ts
 * import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
 * import { build } from 'esbuild'
 *
 * await build({ entryPoints: ['app.ts'], bundle: true, format: 'esm', outdir: 'dist', plugins: [hypercoreWeb()] })
 * ```
 */
export function hypercoreWeb(): EsbuildPlugin {
  return {
    name: 'hypercore-web',
    setup: (build) =>
      build.onResolve({ filter: /^(?:[a-z@]|\.\/migrations\/0$)/ }, ({ path, importer }) => {
        const standIn = standInFor(path, importer)
        return standIn === null ? null : { path: standIn }
      }),
  }
}
