// Puts the dependencies in place exactly as the lockfile has them, once for each content of the lockfile.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { contentHash } from './content-hash.mjs'
import { pnpm } from './pnpm.mjs'
import { readStamp, removeStamp, writeStamp } from './stamp.mjs'
import { root, workspacePackages } from './workspace.mjs'

/** Whether node_modules is what the lockfile and the manifests ask for. */
export function isInstalled() {
  return everyFolderIsThere() && readStamp('install') === wanted()
}

/** Installs the dependencies. */
export async function install() {
  const content = wanted()
  removeStamp('install')
  // confirmModulesPurge: without a terminal pnpm would refuse to replace a node_modules of another layout.
  await pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], {
    // A person may have to wait for minutes on a slow network, and then wants to see it move.
    show: process.stderr.isTTY ? 'on-stderr' : undefined,
  })
  writeStamp('install', content)
}

function wanted() {
  const manifests = workspacePackages().map(({ folder }) => `${folder}/package.json`)
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]
  return `${process.platform} ${process.arch} ${contentHash(root, files)}`
}

function everyFolderIsThere() {
  const withDependencies = workspacePackages().filter(
    ({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0,
  )
  return ['.', ...withDependencies.map(({ folder }) => folder)].every((folder) =>
    existsSync(join(root, folder, 'node_modules')),
  )
}
