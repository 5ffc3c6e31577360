import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { transportRules } from '@hypervision/testkit'
import { afterAll, beforeAll, it } from 'vitest'
import { type BootstrapNode, bootstrapNode } from './bootstrap-node.ts'
import { dht } from './dht.ts'

let network: BootstrapNode

beforeAll(async () => {
  network = await bootstrapNode({ port: 0 })
})
afterAll(() => network.close())

/** UDP sockets of this process; Node does not count those of the DHT among its resources. */
function udpSockets(): string[] {
  const inodes = new Set(
    ['udp', 'udp6'].flatMap((table) =>
      readFileSync(`/proc/self/net/${table}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/)[9]),
    ),
  )
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]
      return inode !== undefined && inodes.has(inode) ? ['udp socket'] : []
    } catch {
      return []
    }
  })
}

for (const rule of transportRules({
  // UDX reads on whether or not its stream is read.
  hasReaderBackPressure: false,
  setup: () => ({
    transport: () => dht({ bootstrap: [network] }),
    resources: () => [...process.getActiveResourcesInfo(), ...udpSockets()],
  }),
})) {
  it(rule.name, rule.run)
}
