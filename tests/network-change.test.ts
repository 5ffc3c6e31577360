// A machine whose address becomes another one while it is on air, watches and relays: in a namespace, the rest of the swarm outside.
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { broadcastClip, type CliProcess, clip, endAll, startCli } from './cli-process.ts'
import { hasNamespaces, networkNamespace } from './network-namespace.ts'
import { takeAll, timed } from './take-all.ts'

afterEach(endAll)

test.skipIf(!hasNamespaces)(
  'a broadcaster, a viewer and a relay whose address is another one go on in the DHT, and no block is lost',
  async () => {
    const machine = await networkNamespace()
    onTestFinished(() => machine.close())
    const node = await bootstrapNode({ port: 0, host: machine.host })
    onTestFinished(() => node.close())
    const bootstrap = `${node.host}:${node.port}`
    const { enter } = machine
    const onDht = ['--bootstrap', bootstrap]
    const { link } = await broadcastClip(onDht, { enter })
    const viewer = await takeAll(link, dht({ bootstrap: [bootstrap] }))
    // The other way round: a channel from outside, and those who take all of it on the machine that moves.
    const outside = await createBroadcast({
      capture: webmFile(clip, { loop: true }),
      transports: [dht({ bootstrap: [bootstrap] })],
    })
    onTestFinished(() => outside.close())
    const left = new Set<string>()
    outside.addEventListener('peerclose', ({ detail }) => void left.add(detail.id))
    const inside = [
      ['watch', outside.link, '--from', 'start', '--out', '/dev/null'],
      ['relay', outside.link, '--keep', 'all'],
    ].map((words) => startCli([...words, ...onDht, '--json'], { enter }))
    /** Until all of them have every block of now. */
    const haveAll = async (): Promise<void> => {
      const { blocks } = outside.stats()
      await Promise.all(inside.map((each) => hasBlocks(each, blocks)))
    }
    await Promise.all([viewer.goesOn(), haveAll()])
    const before = outside.stats().peers.map(({ id }) => id)
    expect(before).toHaveLength(2)
    const movedAt = performance.now()
    await machine.move()
    await viewer.isAlone()
    await timed('live again after a change of address', movedAt, viewer.goesOn(1))
    await expect.poll(() => before.every((id) => left.has(id)), { timeout: 60_000 }).toBe(true)
    await Promise.all([viewer.goesOn(), haveAll()])
  },
)

/** Blocks count as often as they are stored, which is once. */
function hasBlocks(process: CliProcess, blocks: number): Promise<unknown> {
  return process.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) >= blocks)
}
