/**
 * The messages of `hypervision/channel`, as docs/channel-protocol.md has them to the byte. What is longer than it may be, or cut short,
 * throws: that costs whoever sent it the connection. Bytes after the known fields are passed over.
 */
import c, { type State } from 'compact-encoding'
import { maxRecordBytes } from '../../metadata/metadata-record.ts'

/** Version of the protocol that is spoken here. */
export const channelVersion = 1
/** A signature of one signer has 64 bytes and a few more. */
const maxSignatureBytes = 256

/** An encoding of compact-encoding. */
export interface Encoding<Value> {
  preencode(state: State, value: Value): void
  encode(state: State, value: Value): void
  decode(state: State): Value
}

/** What a log is signed as. */
export interface Head {
  /** Counts truncations: 0, as nothing is ever taken back. */
  readonly fork: number
  /** In blocks. */
  readonly length: number
  /** Of the Merkle tree, 32 bytes. */
  readonly hash: Uint8Array
  /** Of the above. */
  readonly signature: Uint8Array
}

/** How the channel is opened. */
export interface Hello {
  readonly version: number
}

export const hello: Encoding<Hello> = {
  preencode: (state, { version }) => c.uint.preencode(state, version),
  encode: (state, { version }) => c.uint.encode(state, version),
  decode(state) {
    const version = c.uint.decode(state)
    if (version === 0) throw new Error('The version of the channel protocol is 0.')
    return { version }
  },
}

/** Revision of the newest metadata that the sender can give; 0 where it has none. */
export const have: Encoding<number> = c.uint

/** Asks for them. */
export const get: Encoding<null> = { preencode() {}, encode() {}, decode: () => null }

/** The record, signed. */
export const record: Encoding<Uint8Array> = bytes(maxRecordBytes, 'A record')

const signature = bytes(maxSignatureBytes, 'A signature')

/** The head of the sender's log. */
export const head: Encoding<Head> = {
  preencode(state, value) {
    c.uint.preencode(state, value.fork)
    c.uint.preencode(state, value.length)
    c.fixed32.preencode(state, value.hash)
    signature.preencode(state, value.signature)
  },
  encode(state, value) {
    c.uint.encode(state, value.fork)
    c.uint.encode(state, value.length)
    c.fixed32.encode(state, value.hash)
    signature.encode(state, value.signature)
  },
  // Copies: what comes is a part of a larger buffer, which a head that is kept would keep alive.
  decode: (state) => ({
    fork: c.uint.decode(state),
    length: c.uint.decode(state),
    hash: Uint8Array.from(c.fixed32.decode(state)),
    signature: Uint8Array.from(signature.decode(state)),
  }),
}

/** Proof that the sender is a broadcaster, for the connection that it comes by. */
export interface OnAir {
  /** Public key that signs the channel's blocks, 32 bytes. */
  readonly signer: Uint8Array
  /** For how long the sender has been there, ms. */
  readonly ageMs: number
  /** 64 bytes. */
  readonly signature: Uint8Array
}

export const onAir: Encoding<OnAir> = {
  preencode(state, value) {
    c.fixed32.preencode(state, value.signer)
    c.uint.preencode(state, value.ageMs)
    c.fixed64.preencode(state, value.signature)
  },
  encode(state, value) {
    c.fixed32.encode(state, value.signer)
    c.uint.encode(state, value.ageMs)
    c.fixed64.encode(state, value.signature)
  },
  decode: (state) => ({
    signer: c.fixed32.decode(state),
    ageMs: c.uint.decode(state),
    signature: c.fixed64.decode(state),
  }),
}

/** So many bytes at the most. */
function bytes(most: number, name: string): Encoding<Uint8Array> {
  return {
    preencode: (state, value) => c.buffer.preencode(state, value),
    encode: (state, value) => c.buffer.encode(state, value),
    decode(state) {
      const length = c.uint.decode(state)
      if (length > most) throw new Error(`${name} of ${length} bytes is longer than ${most}.`)
      if (state.buffer === null || length > state.end - state.start) throw new Error(`${name} is cut short.`)
      const value = state.buffer.subarray(state.start, state.start + length)
      state.start += length
      return value
    },
  }
}
