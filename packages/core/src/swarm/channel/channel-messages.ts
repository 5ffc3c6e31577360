/**
 * The messages of `hypervision/channel`, as docs/channel-protocol.md has them to the byte. What is longer than it may be, or cut short,
 * throws: that costs whoever sent it the connection. Bytes after the known fields are passed over.
 */
import c, { type State } from 'compact-encoding'
import { maxRecordBytes } from '../../metadata/metadata-record.ts'

/** Version of the protocol that is spoken here. */
export const channelVersion = 1

/** An encoding of compact-encoding. */
export interface Encoding<Value> {
  preencode(state: State, value: Value): void
  encode(state: State, value: Value): void
  decode(state: State): Value
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
export const record: Encoding<Uint8Array> = {
  preencode: (state, bytes) => c.buffer.preencode(state, bytes),
  encode: (state, bytes) => c.buffer.encode(state, bytes),
  decode(state) {
    const length = c.uint.decode(state)
    if (length > maxRecordBytes) throw new Error(`A record of ${length} bytes is longer than ${maxRecordBytes}.`)
    if (state.buffer === null || length > state.end - state.start) throw new Error('A record is cut short.')
    const bytes = state.buffer.subarray(state.start, state.start + length)
    state.start += length
    return bytes
  },
}
