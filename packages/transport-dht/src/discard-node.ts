/** Frees a DHT node that could not be started. */
import type HyperDHT from 'hyperdht'

/**
 * Destroys the node. One that has no port does not come to the end of that: it waits for its port first, and its watch
 * over the network's interfaces would keep the process running.
 */
export async function discardNode(node: HyperDHT): Promise<void> {
  try {
    await node.destroy({ force: true })
  } catch {
    node.io.networkInterfaces.destroy()
  }
}
