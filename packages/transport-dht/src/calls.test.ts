// Whom a node calls, and how many at once: those who were killed stay announced for minutes, and never answer.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createKeyPair } from '@hypervision/core'
import type { TransportSession } from '@hypervision/core/contracts'
import HyperDHT from 'hyperdht'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BootstrapNode, bootstrapNode } from './bootstrap-node.ts'
import { dht } from './dht.ts'

let network: BootstrapNode
const closing: (() => unknown)[] = []
beforeAll(async () => {
  network = await bootstrapNode({ port: 0 })
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await network.close()
})

async function openNode(onconnection = (): void => {}): Promise<TransportSession> {
  const node = await dht({ bootstrap: [network] }).open({
    keyPair: createKeyPair(),
    maxConnections: 20,
    accept: () => true,
    onconnection: ({ stream }) => {
      stream.on('error', () => {})
      onconnection()
    },
    onerror: () => {},
  })
  closing.push(() => node.close())
  return node
}

/** Announces somebody who is not there any more: what is sent to it arrives, and is not answered. */
async function announceDead(node: HyperDHT, topic: Uint8Array, ondatagram: () => void): Promise<void> {
  const silent: Socket = createSocket('udp4', ondatagram).bind(0, '127.0.0.1')
  await once(silent, 'listening')
  closing.push(() => silent.close())
  await node.announce(topic, createKeyPair(), [{ host: '127.0.0.1', port: silent.address().port }]).finished()
}

test('those who are gone keep nobody from those who are there', async () => {
  const [topic, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const announcer = new HyperDHT({ bootstrap: [network], host: '127.0.0.1', firewalled: false })
  closing.push(() => announcer.destroy())
  const datagrams = [0, 0, 0, 0, 0, 0]
  let areCalled = (): void => {}
  const called = new Promise<void>((resolve) => {
    areCalled = resolve
  })
  for (const dead of datagrams.keys())
    await announceDead(announcer, topic, () => {
      datagrams[dead] = (datagrams[dead] ?? 0) + 1
      if (datagrams.filter((count) => count > 0).length >= 3) areCalled()
    })
  const living = await openNode()
  await living.join(other, { announce: true, lookup: false }).ready

  let isConnected = (): void => {}
  const connected = new Promise<void>((resolve) => {
    isConnected = resolve
  })
  const newcomer = await openNode(() => isConnected())
  newcomer.join(topic, { announce: false, lookup: true })
  await called
  newcomer.join(other, { announce: false, lookup: true })
  await connected
  // A call is given up after eight datagrams: a handshake and a search, each of them sent four times.
  expect(Math.max(...datagrams)).toBeLessThan(8)
})
