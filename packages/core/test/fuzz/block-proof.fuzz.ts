// Blocks as peers push them, tampered with: none but those that the broadcaster signed is taken. The first byte says of which channel they are.
import b4a from 'b4a'
import c from 'compact-encoding'
import { attempt, demand, type FuzzRun, type FuzzTarget } from '../../../../fuzz/target.ts'
import { isProved } from '../../src/storage/block-proof.ts'
import * as messages from '../../src/swarm/live/live-messages.ts'
import type { LiveBlock } from '../../src/swarm/live/live-types.ts'
import { plainly } from './refusals.ts'
import { channelOfOne, channelOfTwo } from './signed-core.ts'

const seeds: Uint8Array[] = []

export const target: FuzzTarget = { name: 'block-proof', seeds: () => seeds, prepare }

async function prepare(): Promise<FuzzRun> {
  const channels = [await channelOfOne(), await channelOfTwo()]
  const genuine = channels.map(({ blocks }) => blocks.map(encode))
  genuine.forEach((encoded, at) => void seeds.push(...encoded.map((block) => b4a.concat([Uint8Array.of(at), block]))))
  channels.forEach(({ core, blocks }) => {
    for (const block of blocks) demand(isProved(core.core, block), 'a block that the broadcaster signed is refused')
  })
  return (input) => {
    const at = (input[0] ?? 0) % channels.length
    const channel = channels[at]
    const block = attempt(plainly, () => c.decode(messages.block, input.subarray(1)))
    if (channel === undefined || block === undefined || !isProved(channel.core.core, block)) return
    const encoded = encode(block)
    const isGenuine = genuine[at]?.some((other) => b4a.equals(other, encoded))
    demand(isGenuine === true, 'a block is taken that the broadcaster has not signed')
  }
}

function encode(block: LiveBlock): Uint8Array {
  return c.encode(messages.block, block)
}
