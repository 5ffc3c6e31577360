// Access lists: who may be served is asked before anything is said to a peer.
import { createBroadcast, createKeyPair, createViewer, HypervisionError, type PeerInfo } from '@hypervision/core'
import type { Transport } from '@hypervision/core/contracts'
import { fakeCapture, memoryNetwork } from '@hypervision/testkit'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { expect, it, onTestFinished } from 'vitest'

type Authorize = (peer: PeerInfo) => boolean | Promise<boolean>

function inMemory(): () => Transport {
  const network = memoryNetwork()
  return () => network.transport()
}

async function overWebRtc(): Promise<() => Transport> {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  return () => webrtc({ trackers: [running.url], iceServers: [] })
}

async function start(authorize: Authorize, transport: () => Transport = inMemory()) {
  const capture = fakeCapture({ frameRate: 50, keyframeEvery: 10 })
  const broadcast = await createBroadcast({ capture, transports: [transport()], authorize })
  onTestFinished(() => broadcast.close())
  const warnings: Error[] = []
  broadcast.addEventListener('warning', ({ detail }) => void warnings.push(detail.error))
  const watch = async (identity = createKeyPair()) => {
    const viewer = await createViewer({
      link: broadcast.link,
      transports: [transport()],
      identity,
      from: 'start',
    })
    onTestFinished(() => viewer.close())
    const warned = new Promise<Error>((resolve) => {
      viewer.addEventListener('warning', ({ detail }) => resolve(detail.error), { once: true })
    })
    return { viewer, warned }
  }
  return { broadcast, warnings, watch }
}

const firstBlock = async (blocks: AsyncIterable<{ readonly kind: string }>): Promise<string> => {
  for await (const { kind } of blocks) return kind
  return 'none'
}

it.each([
  ['memory', inMemory],
  ['webrtc', overWebRtc],
])('serves who is on the list over the transport %s, and tells who is not', async (name, open) => {
  const asked: PeerInfo[] = []
  const friend = createKeyPair(new Uint8Array(32).fill(1))
  const { broadcast, watch } = await start(
    async (peer) => {
      asked.push(peer)
      await Promise.resolve()
      return peer.id === Buffer.from(friend.publicKey).toString('hex')
    },
    await open(),
  )
  const stranger = await watch()
  expect(await stranger.warned).toMatchObject({ code: 'ERR_TRANSPORT_REFUSED' })
  expect(stranger.viewer.stats()).toMatchObject({ state: 'searching', feedBlocks: 0, verifiedBlocks: 0 })
  const { viewer } = await watch(friend)
  expect(await firstBlock(viewer.blocks)).toBe('init')
  // The stranger does not come back at once. Whom a viewer serves is the viewer's business.
  expect(broadcast.stats().peers.map(({ id }) => id)).toEqual([viewer.id])
  expect(asked.map(({ id }) => id)).toEqual([stranger.viewer.id, viewer.id])
  expect(asked[1]?.transport).toBe(name)
  expect(asked[1]?.publicKey).toEqual(Uint8Array.from(friend.publicKey))
})

it('says nothing to a peer before there is an answer', async () => {
  const asked: ((mayEnter: boolean) => void)[] = []
  const { broadcast, watch } = await start(() => new Promise((answer) => asked.push(answer)))
  const { viewer } = await watch()
  await expect.poll(() => asked.length).toBe(1)
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThan(5)
  expect(viewer.stats().feedBlocks).toBe(0)
  expect(broadcast.stats().peers).toEqual([])
  asked[0]?.(true)
  expect(await firstBlock(viewer.blocks)).toBe('init')
})

it.each([
  [
    'throws',
    (): boolean => {
      throw new Error('the database is away')
    },
  ],
  ['rejects', async (): Promise<boolean> => Promise.reject(new Error('the database is away'))],
])('lets nobody in when it %s, and says so', async (_how, authorize) => {
  const { warnings, watch } = await start(authorize)
  const { warned } = await watch()
  expect(await warned).toMatchObject({ code: 'ERR_TRANSPORT_REFUSED' })
  expect(warnings).toEqual([expect.objectContaining({ message: expect.stringContaining('the database is away') })])
})

it('takes only an access list that can be asked, and an identity that is one', async () => {
  const link = '0'.repeat(64)
  for (const wrong of [{ authorize: ['a'] }, { identity: 'me' }, { identity: { publicKey: new Uint8Array(32) } }]) {
    await expect(createViewer({ link, ...(wrong as object) })).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID' })
  }
  expect(() => createKeyPair(new Uint8Array(31))).toThrow(HypervisionError)
})
