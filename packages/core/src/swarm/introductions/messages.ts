/**
 * The messages of `hypervision/introductions`, as docs/introductions-protocol.md has them to the byte. What is longer than it may
 * be, or cut short, throws: that costs whoever sent it the connection. Bytes after the known fields are passed over.
 */
import b4a from 'b4a'
import c, { type State } from 'compact-encoding'

/** Version of the protocol that is spoken here. */
export const introductionsVersion = 1
/** Longest offer or answer, bytes of UTF-8. */
const maxDescriptionBytes = 16 * 1024
/** Longest name of a transport, bytes of UTF-8. */
const maxTransportBytes = 32
/** Most peers that are told of at once. */
export const maxNeighbours = 16

/** How the channel is opened. */
export interface Hello {
  readonly version: number
  /** Whether the receiver is a guest: connected beyond the sender's cap, to be introduced and nothing else. */
  readonly isGuest: boolean
  /** Whether the sender has no room for more on the transport of the connection. */
  readonly isFull: boolean
}

/** A peer that the sender is connected with. */
export interface Neighbour {
  /** Public key, 32 bytes. */
  readonly key: Uint8Array
  /** Name of the transport that connects the two. */
  readonly transport: string
  /** Whether it has said that it has no room for more. */
  readonly isFull: boolean
}

/** An offer on its way: in a `call` the key is whom it is for, in an `offer` who made it. */
export interface Offer {
  /** Comes back with the answer; the sender's choice. */
  readonly id: number
  readonly key: Uint8Array
  readonly transport: string
  readonly description: string
}

/** The answer to a `call` or an `offer`; null where there is none. */
export interface Answer {
  readonly id: number
  readonly description: string | null
}

interface Encoding<Value> {
  preencode(state: State, value: Value): void
  encode(state: State, value: Value): void
  decode(state: State): Value
}

/** What fits into 32 bits. */
const maxId = 0xffff_ffff
const flagGuest = 1
const flagFull = 2

export const hello: Encoding<Hello> = {
  preencode(state, { version }) {
    c.uint.preencode(state, version)
    c.uint.preencode(state, flagGuest | flagFull)
  },
  encode(state, { version, isGuest, isFull }) {
    c.uint.encode(state, version)
    c.uint.encode(state, (isGuest ? flagGuest : 0) | (isFull ? flagFull : 0))
  },
  decode(state) {
    const version = c.uint.decode(state)
    if (version === 0) throw new Error('The version of the introductions is 0.')
    const flags = c.uint.decode(state) % 256
    return { version, isGuest: (flags & flagGuest) !== 0, isFull: (flags & flagFull) !== 0 }
  },
}

/** Asks for neighbours. */
export const seek: Encoding<null> = { preencode() {}, encode() {}, decode: () => null }

export const neighbours: Encoding<readonly Neighbour[]> = {
  preencode(state, list) {
    c.uint.preencode(state, list.length)
    for (const { key, transport } of list) {
      c.fixed32.preencode(state, key)
      c.string.preencode(state, transport)
      c.bool.preencode(state, true)
    }
  },
  encode(state, list) {
    c.uint.encode(state, list.length)
    for (const { key, transport, isFull } of list) {
      c.fixed32.encode(state, key)
      c.string.encode(state, transport)
      c.bool.encode(state, isFull)
    }
  },
  decode(state) {
    const length = c.uint.decode(state)
    if (length > maxNeighbours) throw new Error(`${length} neighbours were told of at once.`)
    return Array.from({ length }, () => ({
      key: keyFrom(state),
      transport: textFrom(state, maxTransportBytes),
      isFull: c.bool.decode(state),
    }))
  },
}

export const offer: Encoding<Offer> = {
  preencode(state, { id, key, transport, description }) {
    c.uint.preencode(state, id)
    c.fixed32.preencode(state, key)
    c.string.preencode(state, transport)
    c.string.preencode(state, description)
  },
  encode(state, { id, key, transport, description }) {
    c.uint.encode(state, id)
    c.fixed32.encode(state, key)
    c.string.encode(state, transport)
    c.string.encode(state, description)
  },
  decode: (state) => ({
    id: idFrom(state),
    key: keyFrom(state),
    transport: textFrom(state, maxTransportBytes),
    description: textFrom(state, maxDescriptionBytes),
  }),
}

export const answer: Encoding<Answer> = {
  preencode(state, { id, description }) {
    c.uint.preencode(state, id)
    c.bool.preencode(state, description !== null)
    if (description !== null) c.string.preencode(state, description)
  },
  encode(state, { id, description }) {
    c.uint.encode(state, id)
    c.bool.encode(state, description !== null)
    if (description !== null) c.string.encode(state, description)
  },
  decode(state) {
    const id = idFrom(state)
    return { id, description: c.bool.decode(state) ? textFrom(state, maxDescriptionBytes) : null }
  },
}

/** Whether the sender has no room for more on the transport of the connection. */
export const room: Encoding<boolean> = c.bool

/** Whether a description may be sent. */
export function isDescription(text: unknown): text is string {
  return typeof text === 'string' && b4a.byteLength(text) <= maxDescriptionBytes
}

function idFrom(state: State): number {
  const id = c.uint.decode(state)
  if (id > maxId) throw new Error(`An introduction has the number ${id}.`)
  return id
}

/** A copy: what comes is a part of a larger buffer, which it would keep alive. */
function keyFrom(state: State): Uint8Array {
  return Uint8Array.from(c.fixed32.decode(state))
}

function textFrom(state: State, maxBytes: number): string {
  const length = c.uint.decode(state)
  if (length > maxBytes) throw new Error(`A text of ${length} bytes is longer than ${maxBytes}.`)
  if (state.buffer === null || state.end - state.start < length) throw new Error('A text is cut short.')
  const bytes = state.buffer.subarray(state.start, state.start + length)
  state.start += length
  return decodeText(bytes)
}

/** What is not UTF-8 is refused: a stand-in for it would be longer, and cost whoever passes it on the next connection. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Error('A text is not UTF-8.')
  }
}
