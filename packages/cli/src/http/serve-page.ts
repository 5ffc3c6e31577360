/** The page of `serve`: one player a file. It needs no script. */
import type { RecordedFile } from '@hypervision/core'
import { formatBytes, formatDuration } from '../terminal/format.ts'

/** A file under its address. */
export interface ServedFile {
  /** `/video.webm` */
  readonly path: string
  readonly file: RecordedFile
}

/**
 * Writes the page.
 *
 * @param title of the channel; null where it has none
 * @param link null where it is not to be shown
 */
export function servePage(files: readonly ServedFile[], title: string | null, link: string | null): string {
  const name = escapeHtml(title ?? files.at(-1)?.file.title ?? 'Recording')
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="dark" />
    <title>${name}</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/page.css" />
  </head>
  <body>
    <main>
      <header>
        <h1>${name}</h1>
        <p class="state">Recording</p>
      </header>
${files.map((served, at) => sectionOf(served, at, files.length)).join('\n')}
${link === null ? '' : linkSection(link)}    </main>
  </body>
</html>
`
}

function linkSection(link: string): string {
  return `      <section class="link">
        <h2>Link of the channel</h2>
        <div class="link-row"><code>${escapeHtml(link)}</code></div>
        <p class="hint">Whoever has hypervision can watch, record and pass it on by this link.</p>
      </section>
`
}

function sectionOf({ path, file }: ServedFile, at: number, count: number): string {
  const { title, time, durationSeconds, byteLength, tracks, mimeType } = file
  const size = tracks.find(({ width }) => width !== undefined)
  const picture = size === undefined ? 'Sound' : `${size.width} × ${size.height}`
  const iso = time.toISOString()
  const part = count === 1 ? '' : `Part ${at + 1} of ${count}`
  const figures = [
    ['Broadcast', `<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`],
    ['Length', formatDuration(durationSeconds)],
    ['Size', formatBytes(byteLength)],
    ['Picture', picture],
    ['Codecs', escapeHtml(/codecs="([^"]*)"/.exec(mimeType)?.[1]?.replaceAll(',', ', ') ?? '')],
    ['File', `<a href="${path}" download>Download</a>`],
  ]
  return `      <article aria-label="${escapeHtml(title ?? (part || 'Recording'))}">
${part === '' ? '' : `        <h2>${part}${title === null ? '' : `: ${escapeHtml(title)}`}</h2>\n`}        <div class="screen">
          <video controls preload="${at === 0 ? 'metadata' : 'none'}" src="${path}"></video>
        </div>
        <dl class="figures">
${figures.map(([term, value]) => `          <div><dt>${term}</dt><dd>${value}</dd></div>`).join('\n')}
        </dl>
      </article>`
}

/** Titles come from whoever has broadcast. */
function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
