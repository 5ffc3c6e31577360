/**
 * Who made an offer or an answer. The node's key signs the certificate that the description names, so whoever completes
 * the DTLS handshake with that certificate holds the key: `accept` can be asked, and a second connection with the same peer
 * seen, before anything is connected. Core authenticates the peer once more, by Noise.
 */

import type { KeyPair } from '@hypervision/core/contracts'
import { ed25519 } from '@noble/curves/ed25519.js'
import { fromHex, toHex } from './hex.ts'

/** What a description says of who made it, signature checked. */
export interface Identity {
  /** Public key in hex. */
  readonly id: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Names one opening of the transport, in hex: a peer that comes back with the same key has another one. */
  readonly session: string
}

/** What a signature covers beside the signer's session. */
export interface SignedParts {
  readonly type: 'offer' | 'answer'
  /** All 32 bytes, of which trackers see 20: who signs knows the channel. */
  readonly topic: Uint8Array
  readonly fingerprints: readonly string[]
}

const sessionLength = 8
const version = '1'
const pattern = new RegExp(`^${version} ([0-9a-f]{64}) ([0-9a-f]{${sessionLength * 2}}) ([0-9a-f]{128})$`)

/** Signs as a node. */
export class Signer implements Identity {
  readonly id: string
  readonly publicKey: Uint8Array
  readonly session = toHex(crypto.getRandomValues(new Uint8Array(sessionLength)))
  readonly #seed: Uint8Array

  constructor(keyPair: KeyPair) {
    this.publicKey = keyPair.publicKey
    this.id = toHex(keyPair.publicKey)
    this.#seed = Uint8Array.from(keyPair.secretKey.subarray(0, 32))
  }

  /** The text that {@link readIdentity} reads. */
  sign(parts: SignedParts): string {
    const signature = ed25519.sign(message(parts, this.session), this.#seed)
    return `${version} ${this.id} ${this.session} ${toHex(signature)}`
  }
}

/** Reads and checks what {@link Signer.sign} wrote; null where it is wrong in any way. */
export function readIdentity(text: string | null, parts: SignedParts): Identity | null {
  const [, id, session, signature] = (text === null ? null : pattern.exec(text)) ?? []
  if (id === undefined || session === undefined || signature === undefined) return null
  const publicKey = fromHex(id)
  // By RFC 8032 to the letter: the looser rule, which is the default, takes keys of small order, which anybody can sign with.
  if (!ed25519.verify(fromHex(signature), message(parts, session), publicKey, { zip215: false })) return null
  return { id, publicKey, session }
}

function message({ type, topic, fingerprints }: SignedParts, session: string): Uint8Array {
  const text = ['hypervision transport-webrtc', version, type, toHex(topic), session, ...fingerprints].join('\n')
  return new TextEncoder().encode(text)
}
