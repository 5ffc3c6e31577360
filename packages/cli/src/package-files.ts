/**
 * The files that the package carries beside its code. This module lies one folder below the package's root, as a source
 * and when it is built, so the same relative addresses hold for both.
 */
import { readFileSync } from 'node:fs'

const assets = new URL('../assets/', import.meta.url)

/** Reads a file of the package's `assets` folder. */
export function readAsset(name: string): Buffer {
  return readFileSync(new URL(name, assets))
}

/** Version in package.json. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const found = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null
  return String(found)
}
