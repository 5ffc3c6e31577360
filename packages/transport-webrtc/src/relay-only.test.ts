// Who must not show an address: what is told to others, whatever the WebRTC implementation finds out, and that none is used that tells it
// behind our back. `pnpm bench relay-only` does the same through a real TURN server.
import { networkInterfaces } from 'node:os'
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { expect, test } from 'vitest'
import { openPost } from '../test/post.ts'
import { newTopic, startNode } from '../test/test-node.ts'
import type { RtcPeerConnectionClass } from './rtc-types.ts'

const turn = { urls: 'turn:127.0.0.1:9', username: 'me', credential: 'secret' }

test('no address of this machine is told, in an offer or in an answer, though the implementation has found some', async () => {
  const found: string[] = []
  // Its types build on those of the DOM.
  const Real = RTCPeerConnection as unknown as RtcPeerConnectionClass
  class Careless extends Real {
    constructor() {
      super({ iceServers: [], iceTransportPolicy: 'all' })
    }
    override get localDescription() {
      const description = super.localDescription
      found.push(description?.sdp ?? '')
      return description
    }
  }
  const post = openPost()
  const told: Record<'offer' | 'answer', string[]> = { offer: [], answer: [] }
  post.handle = (sdp, type) => {
    told[type].push(sdp)
    return sdp
  }
  const hidden = { trackers: [], iceServers: [turn], relayOnly: true, peerConnection: Careless }
  const topic = newTopic()
  for (let count = 0; count < 2; count++) {
    const node = await startNode({ ...hidden, signalling: [post.signalling()] })
    await node.join(topic).ready
  }
  await post.call(0, 1, topic)
  expect([told.offer.length, told.answer.length]).toEqual([1, 1])
  expect(found.join()).toMatch(/ typ host/)
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
  for (const sdp of [...told.offer, ...told.answer]) {
    expect(sdp).not.toMatch(/ typ (host|srflx|prflx)/)
    // What stands in the line of the origin is not where it comes from: https://www.rfc-editor.org/rfc/rfc9429#section-5.2.1
    const lines = sdp.split('\r\n').filter((line) => !line.startsWith('o='))
    expect(addresses.filter((address) => lines.join().includes(address))).toEqual([])
  }
})

test('it is refused where the implementation would send to peers from its own address', async () => {
  const opening = startNode({ trackers: ['ws://127.0.0.1:9'], iceServers: [turn], relayOnly: true })
  await expect(opening).rejects.toMatchObject({
    code: 'ERR_TRANSPORT_UNSUPPORTED',
    message: expect.stringContaining('`relayOnly` cannot be kept to in Node'),
  })
})
