/** Where a server that listens everywhere is reached from other machines. */
import { networkInterfaces } from 'node:os'

/** Whether a server with this `host` listens on every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** Addresses of this machine that others may reach; those of IPv6 are too long to be typed, and name no zone. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address)
}
