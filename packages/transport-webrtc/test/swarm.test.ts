import { expect, test } from 'vitest'
import { tracker } from '../src/tracker/index.ts'
import { newTopic, startNode, type TestNode } from './test-node.ts'

test('in a swarm whose nodes have few places each newcomer finds one, and nobody has more than it may', async () => {
  const running = await tracker({ port: 0 })
  const maxConnections = 5
  const topic = newTopic()
  const nodes: TestNode[] = []
  const openTo = ({ connections }: TestNode): number => connections.filter(({ stream }) => !stream.destroyed).length
  for (let count = 0; count < 20; count++) {
    const node = await startNode({ trackers: [running.url] }, { maxConnections })
    node.join(topic)
    if (count > 0) await node.connected(1)
    nodes.push(node)
    expect(Math.max(...nodes.map(openTo))).toBeLessThanOrEqual(maxConnections)
  }
  await running.close()
  // Nobody needs the tracker for what is connected.
  expect(Math.min(...nodes.map(openTo))).toBeGreaterThan(0)
})
