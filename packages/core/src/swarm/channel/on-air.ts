/**
 * Tells two broadcasters with one key of each other before they make two histories. Each proves to every peer that it holds the key, for that one
 * connection, and says for how long it has been there: the one that came later gives way.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import Hypercore from 'hypercore'
import { hash, sign, verify } from 'hypercore-crypto'
import type { KeyPair } from '../../contracts/index.ts'
import type { OnAir } from './channel-messages.ts'
import type { ChannelPeer, ChannelPeerEvents } from './channel-peer.ts'

/** What the signature is for. */
const purpose = hash(b4a.from('hypervision on air 1'))

/** The two ends of a connection, as its handshake has proved them: 32 bytes each. */
export interface Ends {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** Options of an {@link OnAirWatch}. */
export interface OnAirWatchOptions {
  /** The channel's key, 32 bytes. */
  readonly key: Uint8Array
  /** The key pair that signs blocks; null for nodes that do not. */
  readonly signer: KeyPair | null
  /** Who this node is on every connection, 32 bytes. */
  readonly identity: Uint8Array
  /** How long this node has been there, ms. */
  age(): number
  /** Another broadcaster was there before. */
  onother(): void
}

/** Says and hears who is on air. */
export class OnAirWatch {
  readonly #options: OnAirWatchOptions

  constructor(options: OnAirWatchOptions) {
    this.#options = options
  }

  /** @param remote who the peer is, 32 bytes */
  add(peer: Pick<ChannelPeer, 'onair' | 'banish'>, remote: Uint8Array): Pick<ChannelPeerEvents, 'ononair'> {
    const { key, signer, identity, onother } = this.#options
    // A viewer has no use for it.
    if (signer === null) return { ononair() {} }
    const ageMs = Math.floor(this.#options.age())
    peer.onair(signOnAir(key, signer, { from: identity, to: remote }, ageMs))
    return {
      ononair: (other) => {
        if (!isOnAir(key, other, { from: remote, to: identity })) {
          peer.banish('it says to be the broadcaster and does not have the key')
        } else if (isBefore(other.ageMs, remote, ageMs, identity)) onother()
      },
    }
  }
}

/** Proves to one peer that the sender has the channel's key pair. */
export function signOnAir(key: Uint8Array, { publicKey, secretKey }: KeyPair, ends: Ends, ageMs: number): OnAir {
  return { signer: publicKey, ageMs, signature: sign(signable(key, ends, ageMs), secretKey) }
}

/** Whether a peer has the channel's key pair. */
export function isOnAir(key: Uint8Array, { signer, ageMs, signature }: OnAir, ends: Ends): boolean {
  return b4a.equals(Hypercore.key(signer), key) && verify(signable(key, ends, ageMs), signature, signer)
}

/** Both come to the same answer: the older one was first, and of two that came at once the one with the greater key. */
function isBefore(theirMs: number, theirKey: Uint8Array, ownMs: number, ownKey: Uint8Array): boolean {
  return theirMs === ownMs ? b4a.compare(theirKey, ownKey) > 0 : theirMs > ownMs
}

/** 32 bytes each of purpose, channel, sender and receiver, then the age: 136 bytes. */
function signable(key: Uint8Array, { from, to }: Ends, ageMs: number): Uint8Array {
  return b4a.concat([purpose, key, from, to, c.encode(c.uint64, ageMs)])
}
