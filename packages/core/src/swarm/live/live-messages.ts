/**
 * The messages of the live channel, to the byte: docs/live-protocol.md. Whatever breaks a bound is refused while it is being
 * decoded, which ends the connection: a peer that keeps to the protocol sends none of it.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import type { TreeNode } from 'hypercore-crypto'
import { maxDepth } from './live-options.ts'
import type { Advert, Have, LiveBlock, LiveRole, NodeId, Position } from './live-types.ts'

/** Version of the protocol; nodes of another major version serve each other by replication alone. */
export const liveVersion = 1
/** Most stripes that a channel may have. */
const maxStripes = 16
/** Most blocks asked for in one message. */
export const maxPulled = 16
/** Roots of the largest tree: of 2^40 blocks. */
const maxPeaks = 40
/** A signature of one signer has 64 bytes and a few more; of several with their patches, more. */
const maxSignatureBytes = 16 * 1024
/** Largest block: hypercore's own limit is below it. */
const maxBlockBytes = 16 * 1024 * 1024
/** Largest manifest, of some hundreds of signers. */
const maxManifestBytes = 64 * 1024
/** Most places that a node offers in one stripe, and has in all of them. */
const maxFree = 1024
const maxPlaces = 16 * 1024
const nodeIdBytes = 8

type State = ReturnType<typeof c.state>

/** One encoding of compact-encoding. */
export interface Encoding<Value> {
  preencode(state: State, value: Value): void
  encode(state: State, value: Value): void
  decode(state: State): Value
}

/** First message on each side. */
export interface Hello {
  readonly version: number
  readonly stripes: number
}

/** Regular sign of life. */
export interface Heartbeat {
  /** The sender's clock, ms. */
  readonly sentMs: number
  /** `sentMs` of the last heartbeat it got from the receiver, and how long ago that came, ms. */
  readonly echoMs: number
  readonly heldMs: number
  readonly have: Have
}

/** A request to be pushed the blocks of a stripe. */
export interface Subscribe {
  readonly stripe: number
  /** What the sender has: nothing of it need be pushed. */
  readonly have: Have
}

/** A refusal. */
export interface Deny {
  readonly stripe: number
  /** Asked again before then, it will be refused again, ms. */
  readonly retryMs: number
}

const roles: readonly LiveRole[] = ['source', 'node', 'leaf']

function refuse(what: string): never {
  throw new Error(`live channel: ${what}`)
}

/** A whole number up to `most`. */
function bounded(most: number, what: string): Encoding<number> {
  return {
    preencode: c.uint.preencode,
    encode: c.uint.encode,
    decode(state) {
      const value = c.uint.decode(state)
      return value <= most ? value : refuse(`${what} ${value} is more than ${most}`)
    },
  }
}

/** A list of up to `most`. */
function list<Item>(item: Encoding<Item>, most: number, what: string): Encoding<readonly Item[]> {
  const length = bounded(most, `number of ${what}`)
  return {
    preencode(state, items) {
      c.uint.preencode(state, items.length)
      for (const one of items) item.preencode(state, one)
    },
    encode(state, items) {
      c.uint.encode(state, items.length)
      for (const one of items) item.encode(state, one)
    },
    decode: (state) => Array.from({ length: length.decode(state) }, () => item.decode(state)),
  }
}

/** Fields in the order in which they are named. */
function record<Type extends object>(
  fields: { readonly [Name in keyof Type]-?: Encoding<Type[Name]> },
): Encoding<Type> {
  const names = Object.keys(fields) as (keyof Type)[]
  return {
    preencode: (state, value) => names.forEach((name) => void fields[name].preencode(state, value[name])),
    encode: (state, value) => names.forEach((name) => void fields[name].encode(state, value[name])),
    decode: (state) => Object.fromEntries(names.map((name) => [name, fields[name].decode(state)])) as Type,
  }
}

/** The whole of a number that fits 53 bits. */
const safe = bounded(Number.MAX_SAFE_INTEGER, 'number')
const stripe = bounded(maxStripes - 1, 'stripe')
const milliseconds = bounded(2 ** 32 - 1, 'time')

const role: Encoding<LiveRole> = {
  preencode: (state) => c.uint.preencode(state, 0),
  encode: (state, value) => c.uint.encode(state, roles.indexOf(value)),
  decode: (state) => roles[c.uint.decode(state)] ?? refuse('there is no such role'),
}

const nodeId: Encoding<NodeId> = {
  preencode(state: State) {
    state.end += nodeIdBytes
  },
  encode(state, id) {
    state.buffer?.set(b4a.from(id, 'hex'), state.start)
    state.start += nodeIdBytes
  },
  decode(state) {
    if (state.end - state.start < nodeIdBytes || state.buffer === null) refuse('a node is cut short')
    const id = b4a.toString(state.buffer.subarray(state.start, state.start + nodeIdBytes), 'hex')
    state.start += nodeIdBytes
    return id
  },
}

const path = list(nodeId, maxDepth, 'nodes of a path')

/** An empty path stands for no position. */
const position: Encoding<Position | null> = {
  preencode(state, value) {
    path.preencode(state, value?.path ?? [])
    if (value !== null) c.uint.preencode(state, value.costMs)
  },
  encode(state, value) {
    path.encode(state, value?.path ?? [])
    if (value !== null) c.uint.encode(state, value.costMs)
  },
  decode(state) {
    const nodes = path.decode(state)
    return nodes.length === 0 ? null : { path: nodes, costMs: milliseconds.decode(state) }
  },
}

const bits: Encoding<readonly [number, number]> = {
  preencode(state) {
    c.uint32.preencode(state, 0)
    c.uint32.preencode(state, 0)
  },
  encode(state, value) {
    c.uint32.encode(state, value[0])
    c.uint32.encode(state, value[1])
  },
  decode: (state) => [c.uint32.decode(state), c.uint32.decode(state)],
}

const have = record<Have>({ first: safe, next: safe, bits })

const treeNode = record<TreeNode>({ index: safe, size: safe, hash: c.fixed32 })

/** Bytes up to a bound. */
function bytes(most: number, what: string): Encoding<Uint8Array> {
  return {
    preencode: c.uint8array.preencode,
    encode: c.uint8array.encode,
    decode(state) {
      const value = c.uint8array.decode(state)
      return value.byteLength <= most ? value : refuse(`${what} of ${value.byteLength} bytes`)
    },
  }
}

export const hello = record<Hello>({ version: safe, stripes: bounded(maxStripes, 'number of stripes') })
export const heartbeat = record<Heartbeat>({ sentMs: milliseconds, echoMs: milliseconds, heldMs: milliseconds, have })
export const advert = record<Advert>({
  role,
  stripes: list(
    record<Advert['stripes'][number]>({ position, free: bounded(maxFree, 'free places') }),
    maxStripes,
    'stripes',
  ),
  places: bounded(maxPlaces, 'places'),
})
export const subscribe = record<Subscribe>({ stripe, have })
export const deny = record<Deny>({ stripe, retryMs: milliseconds })
export const onlyStripe = record<{ readonly stripe: number }>({ stripe })
export const pull = list(safe, maxPulled, 'blocks')
export const block = record<LiveBlock>({
  index: safe,
  peaks: list(treeNode, maxPeaks, 'roots'),
  signature: bytes(maxSignatureBytes, 'a signature'),
  value: bytes(maxBlockBytes, 'a block'),
})
export const nothing = record<Record<never, never>>({})
/** A manifest in hypercore's own encoding. */
export const manifest = bytes(maxManifestBytes, 'a manifest')
