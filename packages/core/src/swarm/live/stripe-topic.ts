/** Where those meet who pass on the same stripe. */
import b4a from 'b4a'
import { hash } from 'hypercore-crypto'

const namespace = b4a.from('hypervision/live/stripe')

/** The topic of a stripe, 32 bytes; another one for each number of stripes. */
export function stripeTopic(discoveryKey: Uint8Array, stripe: number, stripes: number): Uint8Array {
  return hash([namespace, b4a.from([stripes, stripe]), discoveryKey])
}
