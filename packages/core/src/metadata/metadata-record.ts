/**
 * Metadata as they are signed, stored and passed on. A record proves itself: with the channel's key at hand anybody can check it, before there
 * is a block and without the secret of a private channel. docs/channel-protocol.md has it to the byte.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import Hypercore from 'hypercore'
import { hash, sign, verify } from 'hypercore-crypto'
import type { KeyPair } from '../contracts/index.ts'

/** Longest payload: metadata with everything at its limit, and room for what a cipher adds. */
export const maxPayloadBytes = 136 * 1024
const version = 1
const flagSealed = 1
const signerLength = 32
const signatureLength = 64
const revisionLength = 8
const headLength = 2 + signerLength + signatureLength + revisionLength
/** Longest record. */
export const maxRecordBytes = headLength + maxPayloadBytes
/** What the signature is for: no signature of a block, nor one that any other protocol asks for, is one of metadata. */
const purpose = hash(b4a.from('hypervision metadata 1'))

/** One state of a channel's metadata, signed. */
export interface MetadataRecord {
  /** A later one is greater: milliseconds since 1970 where the broadcaster's clock does not go back. */
  readonly revision: number
  /** Whether the payload is hidden from those without the channel's secret. */
  readonly isSealed: boolean
  /** Metadata, or what a cipher made of them. */
  readonly payload: Uint8Array
}

/** Signs a record with the channel's key pair. */
export function signRecord(record: MetadataRecord, keyPair: KeyPair): Uint8Array {
  const { revision, isSealed, payload } = record
  const key = Hypercore.key(keyPair.publicKey)
  const flags = isSealed ? flagSealed : 0
  const signature = sign(signable(key, flags, revision, payload), keyPair.secretKey)
  return b4a.concat([
    Uint8Array.of(version, flags),
    keyPair.publicKey,
    signature,
    c.encode(c.uint64, revision),
    payload,
  ])
}

/**
 * Reads a record, and checks that it is the channel's.
 *
 * @returns null where it is malformed, of a version that is not known, or signed by somebody else
 */
export function readRecord(bytes: Uint8Array, channelKey: Uint8Array): MetadataRecord | null {
  if (bytes.byteLength <= headLength || bytes.byteLength > maxRecordBytes || bytes[0] !== version) return null
  const flags = bytes[1] ?? 0
  const signer = bytes.subarray(2, 2 + signerLength)
  const signature = bytes.subarray(2 + signerLength, 2 + signerLength + signatureLength)
  const revision = revisionFrom(bytes.subarray(headLength - revisionLength, headLength))
  const payload = bytes.subarray(headLength)
  if (revision === 0) return null
  if (!b4a.equals(Hypercore.key(signer), channelKey)) return null
  if (!verify(signable(channelKey, flags, revision, payload), signature, signer)) return null
  return { revision, isSealed: (flags & flagSealed) !== 0, payload }
}

/** 32 bytes each of purpose, channel and digest, with flags and revision in between: 105 bytes. */
function signable(channelKey: Uint8Array, flags: number, revision: number, payload: Uint8Array): Uint8Array {
  return b4a.concat([purpose, channelKey, Uint8Array.of(flags), c.encode(c.uint64, revision), hash(payload)])
}

/** 0, which is none, where it is more than 2^53 − 1. */
function revisionFrom(bytes: Uint8Array): number {
  try {
    return c.decode(c.uint64, bytes)
  } catch {
    return 0
  }
}
