import { describe, expect, test } from 'vitest'
import { elementSnippet, frameSnippet, hasSecret, isOfThisMachine, webLink } from './sharing.ts'

const shared = {
  link: 'hypervision:5db4ysm3yq3e47ehpafznb5zmahe7tpd37ujzze6x5nbznhxp338fgxf',
  trackers: ['wss://a.example', 'wss://b.example/?x="1"&y'],
  siteTrackers: ['wss://b.example/?x="1"&y', 'wss://a.example'],
  iceServers: null,
  page: 'https://studio.example/live/index.html?lang=en',
}

describe('what a broadcaster gives to others', () => {
  test('the address has trackers only where they are not those of the site', () => {
    expect(webLink(shared)).toBe(
      'https://studio.example/live/index.html?lang=en#/watch/5db4ysm3yq3e47ehpafznb5zmahe7tpd37ujzze6x5nbznhxp338fgxf',
    )
    expect(webLink({ ...shared, trackers: ['wss://a.example'] })).toMatch(/\?tracker=wss%3A%2F%2Fa\.example$/)
  })

  test('the element has the player of this site, and text that cannot end an attribute', () => {
    const markup = elementSnippet(shared)
    expect(markup).toContain('<script src="https://studio.example/live/player/dist/script/element.js"></script>')
    expect(markup).toContain('trackers="wss://a.example wss://b.example/?x=&quot;1&quot;&amp;y"')
    expect(markup).not.toContain('ice-servers')
    expect(elementSnippet({ ...shared, iceServers: [] })).toContain('ice-servers=""')
  })

  test('the iframe keeps the link behind the #', () => {
    const [, source = ''] = /src="([^"]+)"/.exec(frameSnippet(shared)) ?? []
    const { pathname, searchParams, hash } = new URL(source.replaceAll('&amp;', '&'))
    expect([pathname, searchParams.get('trackers'), hash.slice(1)]).toEqual([
      '/live/player/embed.html',
      shared.trackers.join(' '),
      shared.link,
    ])
  })

  test('nothing that a server is asked for has the secret of a private broadcast in it', () => {
    const secret = 'y'.repeat(56)
    const own = { ...shared, link: `${shared.link}#${secret}` }
    expect([hasSecret(own.link), hasSecret(shared.link)]).toEqual([true, false])
    const [, source = ''] = /src="([^"]+)"/.exec(frameSnippet(own)) ?? []
    for (const address of [webLink(own), source.replaceAll('&amp;', '&')]) {
      const { hash, href } = new URL(address)
      expect(decodeURIComponent(hash)).toContain(`#${secret}`)
      expect(href.slice(0, -hash.length)).not.toContain(secret)
    }
    expect(elementSnippet(own)).toContain(`src="${own.link}"`)
  })

  test.each([
    ['http://127.0.0.1:8050/', true],
    ['http://localhost/', true],
    ['http://[::1]:1/', true],
    ['https://studio.example/', false],
    ['http://192.168.1.20/', false],
  ])('%s is of this machine: %s', (address, expected) => {
    expect(isOfThisMachine(address)).toBe(expected)
  })
})
