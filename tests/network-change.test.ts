// A machine whose address becomes another one while it is on air: in a namespace, the rest of the swarm outside.
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { afterEach, onTestFinished, test } from 'vitest'
import { broadcastClip, endAll } from './cli-process.ts'
import { hasNamespaces, networkNamespace } from './network-namespace.ts'
import { takeAll, timed } from './take-all.ts'

afterEach(endAll)

test.skipIf(!hasNamespaces)(
  'a broadcaster whose address is another one goes on in the DHT, and no block is lost',
  { timeout: 120_000 },
  async () => {
    const machine = await networkNamespace()
    onTestFinished(() => machine.close())
    const node = await bootstrapNode({ port: 0, host: machine.host })
    onTestFinished(() => node.close())
    const bootstrap = `${node.host}:${node.port}`
    const { enter } = machine
    const { link } = await broadcastClip(['--bootstrap', bootstrap], { enter })
    const viewer = await takeAll(link, dht({ bootstrap: [bootstrap] }))
    await viewer.goesOn()
    const movedAt = performance.now()
    await machine.move()
    await viewer.isAlone()
    await timed('live again after a change of address', movedAt, viewer.goesOn(1))
    await viewer.goesOn()
  },
)
