// What other people's sites use: the one file for a script tag and the page for an iframe, as they were built.
import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import { styles } from '../src/element/styles.ts'
import { templateHtml } from '../src/element/template.ts'
import type {} from '../src/element.ts'

const files = {
  '/embed.html': 'packages/viewer/embed.html',
  '/dist/script/element.js': 'packages/viewer/dist/script/element.js',
}

async function goLive(): Promise<{ link: string; url: string }> {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  const { url } = running
  const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname
  const transports = [webrtc({ trackers: [url], iceServers: [] })]
  const broadcast = await createBroadcast({ capture: webmFile(clip, { loop: true }), transports })
  onTestFinished(async () => {
    await broadcast.close()
    await running.close()
  })
  return { link: broadcast.link, url }
}

const isPlaying = (page: Page) =>
  page.waitForFunction(() => {
    const element = document.querySelector('hypervision-viewer')
    return element?.state === 'playing' && element.currentTime > 0
  })

describe('on other people’s sites', () => {
  test('what is thrown in the script tag’s file is found in the sources', () => {
    const lines = readFileSync('packages/viewer/dist/script/element.js', 'utf8').split('\n')
    const map = new SourceMap(JSON.parse(readFileSync('packages/viewer/dist/script/element.js.map', 'utf8')))
    const line = lines.findIndex((one) => one.includes('it sends what is here already'))
    const column = lines[line]?.indexOf('it sends what is here already') ?? 0
    const entry = map.findEntry(line, column)
    expect('originalSource' in entry && entry.originalSource).toMatch(/core\/src\/swarm\/live\/intake\.ts$/)
  })

  test('a script tag and an element are enough', async () => {
    const { link, url } = await goLive()
    const body = `<script src="/dist/script/element.js"></script>
      <hypervision-viewer src="${link}" trackers="${url}" ice-servers="" autoplay muted controls></hypervision-viewer>`
    const { page, errors } = await openPage(await startChromium(), await servePage({ body, files }))
    await isPlaying(page)
    expect(errors).toEqual([])
  })

  test('an iframe plays what its address says, and has full screen where it is allowed to', async () => {
    const { link, url } = await goLive()
    const query = new URLSearchParams({ trackers: url, 'ice-servers': '', autoplay: '', muted: '' })
    const body = `<iframe src="/embed.html?${query.toString().replaceAll('&', '&amp;')}#${link}" allow="autoplay; fullscreen" width="640" height="360"></iframe>
      <iframe src="/embed.html?${query.toString().replaceAll('&', '&amp;')}&amp;src=${encodeURIComponent(link)}" allow="fullscreen 'none'" width="640" height="360"></iframe>`
    const { page, errors } = await openPage(await startChromium(), await servePage({ body, files }))
    const [, allowed, bare] = page.frames()
    for (const frame of [allowed, bare]) {
      await frame?.waitForFunction(() => {
        const element = document.querySelector('hypervision-viewer')
        return element?.state === 'playing' && element.currentTime > 0
      })
    }
    expect(await allowed?.getByRole('button', { name: 'Full screen' }).count()).toBe(1)
    expect(await bare?.getByRole('button', { name: 'Full screen' }).count()).toBe(0)
    expect(errors).toEqual([])
  })

  test('an iframe makes no markup of its address', async () => {
    const evil = '"><img src=x onerror="document.title=1">'
    const address = `${await servePage({ files })}embed.html?src=${encodeURIComponent(evil)}&poster=javascript:1&onplay=alert(1)`
    const { page } = await openPage(await startChromium(), address)
    await page.waitForFunction(() => document.querySelector('hypervision-viewer')?.state === 'error')
    expect(await page.evaluate(() => [document.images.length, document.title])).toEqual([0, 'hypervision'])
    expect(await page.locator('hypervision-viewer').getAttribute('onplay')).toBe(null)
  })

  test('custom-elements.json and the documentation name what there is', () => {
    const manifest = JSON.parse(readFileSync(new URL('../dist/custom-elements.json', import.meta.url), 'utf8'))
    const [{ path, declarations, exports }] = manifest.modules
    const [{ attributes, events, cssParts, cssProperties, tagName }] = declarations
    expect(existsSync(new URL(`../${path}`, import.meta.url))).toBe(true)
    expect(exports).toContainEqual(expect.objectContaining({ kind: 'custom-element-definition', name: tagName }))
    const names = (list: readonly { name?: string }[]) => new Set(list.flatMap(({ name }) => name ?? []))
    expect(tagName).toBe('hypervision-viewer')
    const parts = templateHtml({}).matchAll(/ part="([^"]+)"/g)
    expect(names(cssParts)).toEqual(new Set([...parts].flatMap(([, part]) => part?.split(' ') ?? [])))
    const properties = [...styles.matchAll(/var\((--(?:hypervision|media)-[a-z-]+)/g)].map(([, name]) => name)
    expect(names(cssProperties)).toEqual(new Set(properties))
    for (const name of [
      'src',
      'trackers',
      'ice-servers',
      'upload',
      'from',
      'controls',
      'autoplay',
      'muted',
      'poster',
      'loop',
      'disablepictureinpicture',
    ]) {
      expect(names(attributes)).toContain(name)
    }
    expect(names(events)).toEqual(new Set(['statechange', 'epoch', 'metadata', 'uploadchange', 'warning']))
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    for (const list of [attributes, events, cssParts, cssProperties]) {
      for (const name of names(list)) expect(readme).toContain(`\`${name}\``)
    }
  })
})
