/** Whom a tracker lets in: by the site of the page, and by how many are there already. */
import type { IncomingMessage } from 'node:http'
import { HypervisionError } from '@hypervision/core/contracts'
import type { TrackerLimits, TrackerOptions } from './tracker-options.ts'

/** Counts connections, and refuses those that are too many or of another site. */
export class ConnectionLimits {
  readonly #origins: ReadonlySet<string> | null
  readonly #maxConnections: number
  readonly #maxPerAddress: number
  readonly #trustsProxy: boolean
  readonly #perAddress = new Map<string, number>()
  #connections = 0

  /** @throws HypervisionError ERR_OPTION_INVALID for an origin that cannot be read */
  constructor(options: TrackerOptions, limits: TrackerLimits) {
    this.#origins = options.origins === undefined ? null : new Set(options.origins.map(checkOrigin))
    this.#maxConnections = limits.maxConnections
    this.#maxPerAddress = limits.maxConnectionsPerAddress
    this.#trustsProxy = options.trustProxy ?? false
  }

  /** Where a request comes from. */
  addressOf(request: IncomingMessage): string {
    const forwarded = this.#trustsProxy ? request.headers['x-forwarded-for'] : undefined
    const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim()
    return first || request.socket.remoteAddress || 'unknown'
  }

  /** HTTP status to refuse a request with; null where it is welcome. */
  refuse(request: IncomingMessage, address: string): string | null {
    const { origin } = request.headers
    if (this.#origins !== null && origin !== undefined && !this.#origins.has(origin)) return '403 Forbidden'
    if (this.#connections >= this.#maxConnections) return '503 Service Unavailable'
    if ((this.#perAddress.get(address) ?? 0) >= this.#maxPerAddress) return '429 Too Many Requests'
    return null
  }

  enter(address: string): void {
    this.#connections++
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
  }

  leave(address: string): void {
    this.#connections--
    const left = (this.#perAddress.get(address) ?? 1) - 1
    if (left > 0) this.#perAddress.set(address, left)
    else this.#perAddress.delete(address)
  }
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin !== 'null') return new URL(origin).origin
  throw new HypervisionError(
    'ERR_OPTION_INVALID',
    `"${origin}" is not the origin of a site. Write it as the browser does: https://example.org, with the port where it has one.`,
    { detail: { option: 'origins' } },
  )
}
