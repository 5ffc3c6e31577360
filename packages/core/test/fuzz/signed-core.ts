/** Channels with keys that are always the same, so that a corpus stays valid. */
import { createMemoryDatabase } from '@hypervision/hypercore-web'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import CoreStorage from 'hypercore-storage'
import { appendWithProof } from '../../src/storage/block-proof.ts'
import type { LiveBlock } from '../../src/swarm/live/live-types.ts'

/** The key pair that signs. */
export const signer = keyPair(b4a.alloc(32, 1))
const other = keyPair(b4a.alloc(32, 2))
const namespace = b4a.alloc(32, 7)

/** A channel and what its broadcaster has appended. */
export interface SignedCore {
  readonly core: Hypercore
  readonly blocks: readonly LiveBlock[]
}

/** A channel as a broadcaster makes it. */
export function channelOfOne(): Promise<SignedCore> {
  return channel({})
}

/** A channel that has two signers, of whom one is enough: its signatures have more of a form that can be tampered with. */
export async function channelOfTwo(): Promise<SignedCore> {
  const signers = [signer, other].map(({ publicKey }) => ({ publicKey, namespace }))
  const { core, blocks } = await channel({ manifest: { version: 1, quorum: 1, signers } })
  const { verifier } = core.core
  if (verifier === null) throw new Error('a channel that was written has a manifest')
  const assembled = blocks.map((block) => {
    const signature = verifier.assemble([{ signer: 0, signature: block.signature, patch: 0, nodes: null }])
    return { ...block, signature }
  })
  return { core, blocks: assembled }
}

async function channel(options: object): Promise<SignedCore> {
  const core = new Hypercore(new CoreStorage(createMemoryDatabase()), null, { keyPair: signer, ...options })
  await core.ready()
  const blocks: LiveBlock[] = []
  for (let at = 0; at < 9; at++) blocks.push(await appendWithProof(core, b4a.alloc(20 * at, at)))
  return { core, blocks }
}
