import { afterEach, describe, expect, test, vi } from 'vitest'
import { newTopic, openOptions, startNode } from '../test/test-node.ts'
import type { RtcConfiguration } from './rtc-types.ts'
import { tracker } from './tracker/index.ts'
import { defaultIceServers, webrtc } from './webrtc.ts'

const trackers = ['wss://tracker.example/']

describe('an option that cannot be right is named at once:', () => {
  test.each([
    ['no tracker', { trackers: [] }, 'There is no tracker'],
    ['a tracker of another kind', { trackers: ['udp://tracker.example:80'] }, '"udp://tracker.example:80" is not'],
    ['a tracker that is no address', { trackers: ['tracker'] }, '"tracker" is not the address of a tracker'],
    ['an ICE server of another kind', { trackers, iceServers: [{ urls: 'http://x' }] }, '"http://x" is not an ICE'],
    ['relays only, and no relay', { trackers, relayOnly: true }, '`relayOnly` needs a TURN server'],
  ])('%s', (_name, options, message) => {
    const make = (): unknown => webrtc(options)
    expect(make).toThrow(message)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
  })
})

test('connections are made by the class that is passed in, with the servers that were asked for', async () => {
  const running = await tracker({ port: 0 })
  const seen: RtcConfiguration[] = []
  class Failing {
    constructor(configuration: RtcConfiguration) {
      seen.push(configuration)
      throw new Error('no more connections')
    }
  }
  const turn = { urls: 'turn:turn.example:3478', username: 'me', credential: 'secret' }
  const peerConnection = Failing as unknown as NonNullable<Parameters<typeof webrtc>[0]['peerConnection']>
  const some = { trackers: [running.url], peerConnection }
  const hidden = await startNode({ ...some, iceServers: [turn], relayOnly: true })
  const { name } = webrtc({ trackers })
  expect(name).toBe('webrtc')
  // It goes on without what cannot be made, and says so.
  await hidden.join(newTopic()).ready
  expect((await hidden.trouble()).message).toBe('no more connections')
  expect(seen[0]).toEqual({
    iceServers: [{ urls: [turn.urls], username: 'me', credential: 'secret' }],
    iceTransportPolicy: 'relay',
  })
  seen.length = 0
  const session = await webrtc(some).open(openOptions())
  await session.join(newTopic(), { announce: true, lookup: true }).ready
  expect(seen[0]).toEqual({ iceServers: defaultIceServers, iceTransportPolicy: 'all' })
  await Promise.all([session.close(), hidden.session.close()])
  await running.close()
})

describe('where there is no WebRTC', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  test('opening says so to the person', async () => {
    vi.stubGlobal('window', {})
    vi.resetModules()
    const { webrtc: inPage } = await import('./webrtc.ts')
    const opening = inPage({ trackers }).open(openOptions())
    await expect(opening).rejects.toMatchObject({
      code: 'ERR_TRANSPORT_UNSUPPORTED',
      message: expect.stringContaining('This browser has no WebRTC'),
    })
  })
})
