/** Whose connection it is, as far as addresses tell: keys cost nothing, addresses do. */

/** Part of the connections that one host may have: the rest is kept for others. */
const shareOfOneHost = 0.75
/** So many it may have in any case. */
const leastOfOneHost = 8

/** Most connections of one host on a transport. Half a household, or a school, can be behind one address. */
export function mostOfOneHost(maxPeers: number): number {
  return Math.max(leastOfOneHost, Math.ceil(maxPeers * shareOfOneHost))
}

/** This machine, and networks in which whoever runs it is at home. */
const near = /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd]..:|fe[89ab].:)/i

/**
 * What the connections of one host have in common: an IPv4 address, or the first half of an IPv6 address, which is one customer's as a
 * rule. Null where it is not known, and for this machine and private networks.
 *
 * @param remoteAddress `host:port`
 */
export function remoteHost(remoteAddress: string | null): string | null {
  const address = remoteAddress
    ?.replace(/:\d+$/, '')
    .replaceAll(/[[\]]/g, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase()
  if (!address || near.test(address)) return null
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const [left, right] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = new Array<string>(Math.max(0, 8 - (left?.length ?? 0) - (right?.length ?? 0))).fill('0')
  return [...(left ?? []), ...zeros, ...(right ?? [])].slice(0, 4).join(':')
}
