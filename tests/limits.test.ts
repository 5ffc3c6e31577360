// Limits that only show where packages work together, at the limit and one past it. limits-held.ts names the tests of all.
import { setImmediate } from 'node:timers/promises'
import { createBroadcast, createKeyPair, createViewer } from '@hypervision/core'
import type { Transport } from '@hypervision/core/contracts'
import { fakeCapture, memoryNetwork } from '@hypervision/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { cluster, simpleBlock, stream, videoTrack } from '../packages/core/test/webm/webm-builder.ts'

const never = new AbortController().signal

test('a block of 15 720 448 bytes of frames is broadcast and gets to a viewer, and one byte more ends the broadcast', async () => {
  const mostBytes = 15_720_448
  const frame = (bytes: number, more: object): Uint8Array => {
    const overhead = simpleBlock({ ...more, payload: new Uint8Array(8_000_000) }).byteLength - 8_000_000
    return simpleBlock({ ...more, payload: new Uint8Array(bytes - overhead).fill(7) })
  }
  // Two of them, as a frame may have half as many bytes.
  const live = async function* (bytes: number): AsyncGenerator<Uint8Array> {
    const half = 8_000_000
    yield stream([videoTrack()], cluster(0, frame(half, { key: true }), frame(bytes - half, { relativeMs: 1 })))
    yield cluster(1000, simpleBlock({ key: true, payload: [1] }))
    await new Promise(() => {})
  }
  const network = memoryNetwork()
  const broadcast = await createBroadcast({ capture: live(mostBytes), transports: [network.transport()] })
  onTestFinished(() => broadcast.close())
  const viewer = await createViewer({ link: broadcast.link, transports: [network.transport()], from: 'start' })
  onTestFinished(() => viewer.close())
  for await (const block of viewer.blocks) {
    if (block.kind === 'init') continue
    expect(block.bytes.byteLength).toBeGreaterThan(mostBytes)
    break
  }

  const refused = await createBroadcast({ capture: live(mostBytes + 1) })
  await expect(refused.closed).rejects.toMatchObject({ code: 'ERR_WEBM_LIMIT', detail: { bytes: mostBytes + 1 } })
})

test('four connections beyond maxPeers are taken from those who call, and no fifth', async () => {
  const network = memoryNetwork({ retryMs: 1 })
  const transport = network.transport()
  const topics: Uint8Array[] = []
  const watched: Transport = {
    name: 'memory',
    async open(options) {
      const session = await transport.open(options)
      const join = session.join.bind(session)
      session.join = (topic, how) => {
        topics.push(topic)
        return join(topic, how)
      }
      return session
    },
  }
  const broadcast = await createBroadcast({ capture: fakeCapture(), transports: [watched], maxPeers: 1 })
  onTestFinished(() => broadcast.close())
  const connected = new Set<number>()
  for (let caller = 0; caller < 6; caller++) {
    const session = await network.transport().open({
      keyPair: createKeyPair(),
      maxConnections: 1,
      accept: () => true,
      // It says nothing: it is neither taken for a peer nor sent to others.
      onconnection: () => connected.add(caller),
      onerror() {},
      signal: never,
    })
    onTestFinished(() => session.close())
    for (const topic of topics) session.join(topic, { announce: false, lookup: true })
  }
  await expect.poll(() => connected.size).toBe(5)
  for (let turn = 0; turn < 200; turn++) await setImmediate()
  expect(connected.size).toBe(5)
})
