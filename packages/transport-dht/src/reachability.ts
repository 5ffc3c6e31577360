/**
 * Notices that no node of the DHT answers. hyperdht goes on asking without a word, so somebody who misspelt a bootstrap
 * address, or has no network, would wait for ever without knowing why.
 */
import { HypervisionError } from '@hypervision/core/contracts'
import type HyperDHT from 'hyperdht'
import type { Address } from './address.ts'

/** From opening to the first look: a DHT that answers does so well before. */
const firstLookMs = 4000
const nextLooksMs = 5000
/** Addresses that the message names. */
const namedAddresses = 3

/** Options of {@link Reachability}. */
export interface ReachabilityOptions {
  /** The bootstrap nodes that were asked for; undefined for the public ones. */
  readonly bootstrap: readonly Address[] | undefined
  /** Told once each time that nobody answers any more. */
  onlost(error: HypervisionError): void
}

/** Looks now and then whether the node knows anybody. */
export class Reachability {
  readonly #node: HyperDHT
  readonly #options: ReachabilityOptions
  #timer: ReturnType<typeof setTimeout>
  #isTold = false

  constructor(node: HyperDHT, options: ReachabilityOptions) {
    this.#node = node
    this.#options = options
    this.#timer = setTimeout(() => this.#look(), firstLookMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #look(): void {
    this.#timer = setTimeout(() => this.#look(), nextLooksMs)
    const isReached = this.#node.toArray().length > 0
    if (isReached === !this.#isTold) return
    this.#isTold = !isReached
    if (!isReached) this.#options.onlost(unreachable(this.#options.bootstrap))
  }
}

function unreachable(bootstrap: readonly Address[] | undefined): HypervisionError {
  const addresses = bootstrap?.map(({ host, port }) => `${host}:${port}`) ?? []
  const more = addresses.length > namedAddresses ? ' and others' : ''
  const [problem, remedy] =
    bootstrap === undefined
      ? ['the public nodes do not answer', 'Check that this machine has internet and may send UDP']
      : [
          `${addresses.slice(0, namedAddresses).join(', ')}${more} ${addresses.length === 1 ? 'does' : 'do'} not answer`,
          'Check the address, that a DHT node runs there, and that UDP gets through',
        ]
  return new HypervisionError(
    'ERR_TRANSPORT_FAILED',
    `Nobody in the DHT can be reached: ${problem}. ${remedy}. It is tried again until it works.`,
    { detail: { bootstrap: addresses } },
  )
}
