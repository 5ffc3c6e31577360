// What comes from outside: a browser's storage, which another version may have written, and a file that somebody else has edited.
import { describe, expect, test } from 'vitest'
import { defaults, readPreferences } from './preferences.ts'
import { readSite } from './site.ts'

describe('preferences that were kept', () => {
  test('are what was chosen', () => {
    const chosen = {
      ...defaults,
      camera: 'id',
      quality: '720p',
      trackers: ['wss://a.example'],
      upload: 'ask',
      description: 'About it',
      startsAt: '2030-01-31T20:15',
      poster: 'data:image/jpeg;base64,/9j/',
      isPrivate: true,
    } as const
    expect(readPreferences(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen)
  })

  test.each([
    null,
    7,
    'text',
    [],
    {
      camera: 1,
      quality: 'toString',
      upload: 'maybe',
      trackers: 'wss://a.example',
      poster: 'data:text/html,x',
      isPrivate: 1,
    },
  ])('are the defaults where %j was kept', (kept) => {
    expect(readPreferences(kept)).toEqual(defaults)
  })

  test('lose what makes no sense, and nothing else', () => {
    const kept = { title: 'Friday', trackers: ['wss://a.example', 7], screenSound: 'screen', more: true }
    expect(readPreferences(kept)).toEqual({
      ...defaults,
      title: 'Friday',
      trackers: ['wss://a.example'],
      screenSound: 'screen',
    })
  })
})

describe('studio.json', () => {
  test('has trackers, ICE servers and channels', () => {
    const site = {
      trackers: ['wss://a.example'],
      iceServers: [{ urls: ['turn:a.example:3478'], username: 'u', credential: 'c' }, { urls: 'stun:a.example:3478' }],
      onAir: { heading: 'Today', channels: [{ title: 'Show', link: 'hypervision:abc' }] },
    }
    expect(readSite(site)).toEqual(site)
  })

  test.each([null, [], { trackers: 'x', onAir: { channels: [{ title: 1 }] } }])(
    '%j is a site with nothing',
    (value) => {
      expect(readSite(value)).toEqual({ trackers: [], onAir: { heading: 'On air', channels: [] } })
    },
  )

  test('an empty list of ICE servers is none, not those of the transport', () => {
    expect(readSite({ iceServers: [] }).iceServers).toEqual([])
    expect(readSite({ iceServers: [{ urls: [] }, {}] }).iceServers).toEqual([])
  })
})
