// The public keys that signatures are checked against, as points of the curve. A page checks one or a few channels, ten times a
// second each: a table of multiples makes a check three times as fast, and costs as much as ten checks once.
import { ed25519 } from '@noble/curves/ed25519.js'

type Point = InstanceType<typeof ed25519.Point>

/** Keys that are remembered; whoever is checked with more of them pays what a check costs without. */
const mostKeys = 8
/** Bits of a key's table: 13 ms and about 150 kB once for 0.2 ms a check; 8 would take 40 ms and four times the memory. */
const tableBits = 6

interface Known {
  readonly point: Point
  hasTable: boolean
}

/** Points of public keys; the last few stay. */
export class VerifyKeys {
  readonly #known = new Map<string, Known>()

  /** The point of a key; null where it is none, or one of small order. */
  pointOf(key: Uint8Array): Point | null {
    const name = String.fromCharCode(...key)
    const known = this.#known.get(name)
    if (known === undefined) return this.#add(name, key)
    // The latest are last.
    this.#known.delete(name)
    this.#known.set(name, known)
    if (!known.hasTable) {
      known.point.precompute(tableBits, false)
      known.hasTable = true
    }
    return known.point
  }

  #add(name: string, key: Uint8Array): Point | null {
    const point = decode(key)
    if (point === null) return null
    this.#known.set(name, { point, hasTable: false })
    if (this.#known.size > mostKeys) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest)
        break
      }
    }
    return point
  }
}

function decode(key: Uint8Array): Point | null {
  try {
    const point = ed25519.Point.fromBytes(key)
    return point.isSmallOrder() ? null : point
  } catch {
    return null
  }
}
