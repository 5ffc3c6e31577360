import { describe, expect, test } from 'vitest'
import { readPasted, readRoute, watchHash } from './route.ts'

const body = '5db4ysm3yq3e47ehpafznb5zmahe7tpd37ujzze6x5nbznhxp338fgxf'
const link = `hypervision:${body}`

describe('addresses of the studio', () => {
  test.each([
    ['', { screen: 'home' }],
    ['#', { screen: 'home' }],
    ['#/', { screen: 'home' }],
    ['#/live', { screen: 'live' }],
    ['#/settings', { screen: 'settings' }],
    [`#/watch/${body}`, { screen: 'watch', link, trackers: [] }],
    [
      `#/watch/${body}?tracker=wss%3A%2F%2Fa.example&tracker=wss%3A%2F%2Fb.example`,
      { screen: 'watch', link, trackers: ['wss://a.example', 'wss://b.example'] },
    ],
    ['#/watch', { screen: 'unknown' }],
    ['#/watch/a/b', { screen: 'unknown' }],
    ['#/live/now', { screen: 'unknown' }],
    ['#/nowhere', { screen: 'unknown' }],
    ['#/watch/%E0%A4%A', { screen: 'watch', link: 'hypervision:%E0%A4%A', trackers: [] }],
  ])('%s', (hash, route) => {
    expect(readRoute(hash)).toEqual(route)
  })

  test('a watch address says what it was made of', () => {
    const trackers = ['ws://127.0.0.1:8000/?a=b&c', 'wss://example.org/ü']
    expect(readRoute(watchHash(link, trackers))).toEqual({ screen: 'watch', link, trackers })
    expect(readRoute(watchHash('a'.repeat(64)))).toEqual({ screen: 'watch', link: 'a'.repeat(64), trackers: [] })
  })
})

describe('what a person pastes to watch', () => {
  test.each([
    [` ${link}\n`, link],
    [link.toUpperCase(), link.toUpperCase()],
    [`https://studio.example/some/folder/${watchHash(link)}`, link],
    ['0'.repeat(64), '0'.repeat(64)],
    ['hypervision:abc', 'hypervision:abc'],
  ])('%s is watched', (text, expected) => {
    expect(readPasted(text)?.link).toBe(expected)
  })

  test('trackers of an address come with it', () => {
    const address = `http://127.0.0.1:8050/${watchHash(link, ['ws://127.0.0.1:9000'])}`
    expect(readPasted(address)?.trackers).toEqual(['ws://127.0.0.1:9000'])
  })

  test('the secret of a private broadcast stays behind the #, and comes back', () => {
    const secret = `${link}#${'y'.repeat(56)}`
    const address = `https://studio.example/${watchHash(secret, ['wss://a.example'])}`
    expect(new URL(address).pathname + new URL(address).search).toBe('/')
    expect(readPasted(address)).toEqual({ screen: 'watch', link: secret, trackers: ['wss://a.example'] })
    // Programs that tidy up addresses take the second # as it is.
    expect(readPasted(address.replace('%23', '#'))?.link).toBe(secret)
    expect(readPasted(secret)?.link).toBe(secret)
  })

  test.each(['', 'hello', 'https://example.org/', 'https://example.org/#/live', body])('%j is not', (text) => {
    expect(readPasted(text)).toBe(null)
  })
})
