// What is signed beside blocks, tampered with: heads and proofs of being on air are believed as they were signed. The first byte says which.
import b4a from 'b4a'
import c from 'compact-encoding'
import { attempt, demand, type FuzzRun, type FuzzTarget } from '../../../../fuzz/target.ts'
import { CoreHeads } from '../../src/storage/core-heads.ts'
import * as messages from '../../src/swarm/channel/channel-messages.ts'
import { isOnAir, signOnAir } from '../../src/swarm/channel/on-air.ts'
import { plainly } from './refusals.ts'
import { channelOfOne, signer } from './signed-core.ts'

const seeds: Uint8Array[] = []
const ends = { from: b4a.alloc(32, 3), to: b4a.alloc(32, 4) }

export const target: FuzzTarget = { name: 'channel-proofs', seeds: () => seeds, prepare }

async function prepare(): Promise<FuzzRun> {
  const { core } = await channelOfOne()
  const key = core.key as Uint8Array
  const heads = new CoreHeads(core)
  const proof = c.encode(messages.onAir, signOnAir(key, signer, ends, 4000))
  const signed = heads.head
  if (signed === null) throw new Error('there is no head')
  const head = c.encode(messages.head, signed)
  seeds.push(b4a.concat([Uint8Array.of(0), proof]), b4a.concat([Uint8Array.of(1), head]))
  demand(heads.isSigned(signed), 'the head that the broadcaster signed is refused')
  demand(isOnAir(key, c.decode(messages.onAir, proof), ends), 'the broadcaster is refused')
  return (input) => {
    const message = input.subarray(1)
    if ((input[0] ?? 0) % 2 === 0) {
      const onAir = attempt(plainly, () => c.decode(messages.onAir, message))
      if (onAir === undefined || !isOnAir(key, onAir, ends)) return
      demand(b4a.equals(c.encode(messages.onAir, onAir), proof), 'somebody is believed to be on air')
    } else {
      const claimed = attempt(plainly, () => c.decode(messages.head, message))
      if (claimed === undefined || !heads.isSigned(claimed)) return
      // The form of a signature has room beside what is signed: that is the same head.
      const { signature } = signed
      const isSame = b4a.equals(c.encode(messages.head, { ...claimed, signature }), head)
      demand(isSame, 'a head is believed that was not signed')
    }
  }
}
