import type { AddressInfo } from 'node:net'
import Server from 'bittorrent-tracker/server'
import { expect, onTestFinished, test } from 'vitest'
import { newTopic, received, startNode } from './test-node.ts'

test('peers find each other through the tracker of WebTorrent', async () => {
  const server = new Server({ http: false, udp: false, stats: false })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)))
  const trackers = [`ws://127.0.0.1:${(server.http.address() as AddressInfo).port}`]
  const topic = newTopic()
  const nodes = [await startNode({ trackers }), await startNode({ trackers }), await startNode({ trackers })]
  for (const node of nodes) await node.join(topic).ready
  const ends = await Promise.all(nodes.flatMap((node) => [node.connected(1), node.connected(2)]))
  expect(ends.filter(({ initiator }) => initiator)).toHaveLength(3)
  const arriving = Promise.all(ends.map((end) => received(end, 5)))
  for (const { stream } of ends) stream.write(new TextEncoder().encode('hello'))
  for (const bytes of await arriving) expect(new TextDecoder().decode(bytes)).toBe('hello')
  expect(nodes.flatMap(({ errors }) => errors)).toEqual([])
})
