// What is put in the place of what: modules of hypercore's packages that need native code, a disk or something of Node's.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Sources lie in folders of their own; built, this file is in the same folder as the stand-ins' folders. */
const [parent, extension] = import.meta.url.endsWith('.ts') ? ['..', 'ts'] : ['.', 'js']
const ours = (name: string) => fileURLToPath(new URL(`${parent}/${name}.${extension}`, import.meta.url))

const sodium = ours('sodium/index')
const fileSystem = ours('stand-ins/file-system')

const standIns: Readonly<Record<string, string>> = {
  'sodium-universal': sodium,
  'sodium-native': sodium,
  'rocksdb-native': ours('stand-ins/rocksdb-native'),
  'device-file': fileSystem,
  fs: fileSystem,
  path: fileSystem,
  './migrations/0': ours('stand-ins/migrations'),
  // The package of that name, which package managers that keep to declared dependencies do not show to hypercore's.
  events: createRequire(import.meta.url).resolve('events/events.js'),
}

/** Parts of ours that have another form in pages, whoever asks for them. */
const ownParts: Readonly<Record<string, string>> = {
  // A database of the browser in place of a folder.
  '@hypervision/hypercore-web/named-storage': ours('stand-ins/named-storage'),
  '@hypervision/hypercore-web/block-cipher': ours('stand-ins/block-cipher'),
}

/** Only what these import is replaced: an application may have plans of its own for `fs`. */
const importers =
  /[\\/]node_modules[\\/](?:@hyperswarm[\\/])?(?:hyper|noise-|sodium-|secret-stream|protomux|streamx|events-universal|ready-resource|xache)/

/**
 * The path of the module to take instead.
 *
 * @param importer path of the module that imports `specifier`
 * @returns null where nothing is replaced
 */
export function standInFor(specifier: string, importer: string | undefined): string | null {
  if (Object.hasOwn(ownParts, specifier)) return ownParts[specifier] ?? null
  if (importer === undefined || !importers.test(importer) || !Object.hasOwn(standIns, specifier)) return null
  return standIns[specifier] ?? null
}
