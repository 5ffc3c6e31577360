// What the repository consists of: its root, its packages, and the order in which they need each other.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The root's package.json. */
export const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/**
 * All packages of the workspace, each after those it depends on.
 *
 * @returns {{ name: string, folder: string, manifest: Record<string, unknown>, needs: string[] }[]} `folder` is relative to
 *   the root with forward slashes; `needs` names the workspace packages it depends on
 */
export function workspacePackages() {
  const found = workspaceFolders().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    // Not devDependencies: a package's tests may use a package that builds on it.
    const needs = Object.entries(manifest.dependencies ?? {})
      .filter(([, range]) => range.startsWith('workspace:'))
      .map(([name]) => name)
    return { name: manifest.name, folder, manifest, needs }
  })
  return inOrder(found)
}

/** The folders that pnpm-workspace.yaml lists under `packages`, a `*` standing for every folder with a package.json. */
function workspaceFolders() {
  const lines = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').split(/\r?\n/)
  const start = lines.indexOf('packages:') + 1
  const folders = []
  for (const line of lines.slice(start)) {
    const pattern = /^ {2}- (.+)$/.exec(line)?.[1]
    if (pattern === undefined) break
    if (!pattern.endsWith('/*')) folders.push(pattern)
    else {
      const parent = pattern.slice(0, -2)
      if (existsSync(join(root, parent)))
        for (const name of readdirSync(join(root, parent))) folders.push(`${parent}/${name}`)
    }
  }
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).sort()
}

function inOrder(packages) {
  const byName = new Map(packages.map((one) => [one.name, one]))
  const ordered = new Set()
  const visit = (one, path) => {
    if (path.includes(one))
      throw new Error(`Packages need each other in a circle: ${[...path, one].map((p) => p.name).join(' → ')}`)
    for (const name of one.needs) if (byName.has(name)) visit(byName.get(name), [...path, one])
    ordered.add(one)
  }
  for (const one of packages) visit(one, [])
  return [...ordered]
}
