// What is put in the place of what: modules of hypercore's packages that need native code or a disk.

/** Where the stand-ins are, relative to this package's built files. */
const folder = new URL('.', import.meta.url)
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const fileSystem = 'stand-ins/file-system'
const standIns: Readonly<Record<string, string>> = {
  'sodium-universal': 'sodium/index',
  'sodium-native': 'sodium/index',
  'rocksdb-native': 'stand-ins/rocksdb-native',
  'device-file': fileSystem,
  fs: fileSystem,
  path: fileSystem,
}

/** Only what these import is replaced: an application may have plans of its own for `fs`. */
const importers =
  /[\\/]node_modules[\\/](?:@hyperswarm[\\/])?(?:hyper|noise-|sodium-|secret-stream|device-file|fd-lock|xache)/

/**
 * The URL of the module to take instead.
 *
 * @param importer path of the module that imports `specifier`
 * @returns null where nothing is replaced
 */
export function standInFor(specifier: string, importer: string | undefined): URL | null {
  const name = Object.hasOwn(standIns, specifier) ? standIns[specifier] : undefined
  if (name === undefined || importer === undefined || !importers.test(importer)) return null
  // Sources lie in folders of their own; built, this file and the stand-ins share one.
  return new URL(extension === 'ts' ? `../${name}.ts` : `./${name}.js`, folder)
}
