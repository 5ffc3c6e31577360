// What a build with the packages of others in it owes them: their licences, in a file beside it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'

const fileName = 'THIRD-PARTY-NOTICES.txt'

/** An esbuild plugin that writes THIRD-PARTY-NOTICES.txt into the folder of the build. */
export function thirdPartyNotices(): Plugin {
  return {
    name: 'third-party-notices',
    setup({ initialOptions, onEnd }) {
      initialOptions.metafile = true
      const { absWorkingDir = '.', outdir = '.' } = initialOptions
      onEnd(({ metafile }) => {
        if (metafile === undefined) return
        const inputs = Object.values(metafile.outputs)
          .flatMap((output) => Object.keys(output.inputs))
          // What stands in parentheses before a path says that it was left out.
          .filter((path) => !path.startsWith('('))
          .map((path) => resolve(absWorkingDir, path))
          .map((path) => path.replaceAll('\\', '/'))
        mkdirSync(outdir, { recursive: true })
        writeFileSync(join(outdir, fileName), noticesOf(inputs))
      })
    },
  }
}

function noticesOf(inputs: readonly string[]): string {
  const notices = new Set<string>()
  for (const input of inputs) {
    const theirs = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0]
    if (theirs !== undefined) notices.add(noticeOf(theirs))
    // A build of ours that has packages of others in it.
    const built = /^.*\/dist\/[^/]+(?=\/)/.exec(input)?.[0]
    if (built !== undefined && existsSync(join(built, fileName))) {
      for (const notice of readFileSync(join(built, fileName), 'utf8').split(rule)) notices.add(notice.trim())
    }
  }
  return `${[...notices].sort().join(rule)}\n`
}

const rule = `\n\n${'-'.repeat(80)}\n\n`

function noticeOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
  const by = typeof author === 'string' ? author : author?.name
  const text =
    file === undefined ? `${license} licence${by ? `, by ${by}` : ''}` : readFileSync(join(folder, file), 'utf8')
  return `${name} ${version} (${license})\n\n${text.trim()}`
}
