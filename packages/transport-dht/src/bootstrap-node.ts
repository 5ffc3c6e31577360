/** A DHT for a network of one's own: a machine without internet, a local network, a test. */
import { HypervisionError } from '@hypervision/core/contracts'
import HyperDHT from 'hyperdht'
import { type Address, isLoopback } from './address.ts'
import { discardNode } from './discard-node.ts'

/** Options of {@link bootstrapNode}. */
export interface BootstrapNodeOptions {
  /** UDP port; 0 for any. @default 49737 */
  readonly port?: number
  /** Address of this machine that others reach it by. @default '127.0.0.1' */
  readonly host?: string
}

/** A running bootstrap node. */
export interface BootstrapNode extends Address {
  /** Stops it; idempotent. */
  close(): Promise<void>
}

const defaultPort = 49737
/**
 * Nodes beside the first one. A peer that is not on this machine asks four of them how they see it before it tries to reach another; with
 * fewer it waits half a minute for more.
 */
const companions = 5

/**
 * Starts a DHT that knows nobody else. Peers that name it as `bootstrap` find each other through it.
 *
 * @throws HypervisionError ERR_TRANSPORT_PORT when the port is taken or may not be bound
 */
export async function bootstrapNode(options: BootstrapNodeOptions = {}): Promise<BootstrapNode> {
  const { port = defaultPort, host = '127.0.0.1' } = options
  const bindHost = isLoopback(host) ? host : '0.0.0.0'
  const nodes: HyperDHT[] = []
  const close = async (): Promise<void> => {
    for (const node of nodes.splice(0).reverse()) await node.destroy()
  }
  try {
    const first = await startNode(port, bindHost, [])
    nodes.push(first)
    const address: Address = { host, port: first.address()?.port ?? port }
    for (let count = 0; count < companions; count++) nodes.push(await startNode(0, bindHost, [address]))
    return { ...address, close }
  } catch (error) {
    await close()
    throw new HypervisionError(
      'ERR_TRANSPORT_PORT',
      `UDP port ${port} of ${bindHost} cannot be bound: ${error instanceof Error ? error.message : String(error)}. ` +
        'Another program may use it: choose another port, or 0 for any.',
      { cause: error, detail: { port, host: bindHost } },
    )
  }
}

async function startNode(port: number, host: string, bootstrap: Address[]): Promise<HyperDHT> {
  // Port 0 stands for the DHT's own default there; without `anyPort` it is the only one tried.
  const node = new HyperDHT({
    host,
    bootstrap: [...bootstrap],
    ephemeral: false,
    firewalled: false,
    port,
    anyPort: port === 0,
  })
  try {
    await node.fullyBootstrapped()
    return node
  } catch (error) {
    await discardNode(node)
    throw error
  }
}
