/** Addresses of DHT nodes as people write them. */
import { HypervisionError } from '@hypervision/core/contracts'

/** A host and a UDP port. */
export interface Address {
  readonly host: string
  /** 1 to 65535. */
  readonly port: number
}

/**
 * Reads `host:port`.
 *
 * @throws HypervisionError ERR_OPTION_INVALID
 */
export function parseAddress(address: string | Address): Address {
  const [host, port] = typeof address === 'string' ? split(address) : [address.host, address.port]
  if (host !== '' && Number.isInteger(port) && port >= 1 && port <= 65535) return { host, port }
  const shown = typeof address === 'string' ? address : `${address.host}:${address.port}`
  throw new HypervisionError(
    'ERR_OPTION_INVALID',
    `"${shown}" is not the address of a DHT node. Write host:port, such as 127.0.0.1:49737.`,
    { detail: { option: 'bootstrap', address: shown } },
  )
}

/** Whether packets to the host stay on this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function split(address: string): [string, number] {
  const colon = address.lastIndexOf(':')
  const port = address.slice(colon + 1)
  return colon < 1 || !/^\d+$/.test(port) ? ['', 0] : [address.slice(0, colon), Number(port)]
}
