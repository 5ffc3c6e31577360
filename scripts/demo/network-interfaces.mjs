import { networkInterfaces } from 'node:os'

/**
 * Whether the machine has an address that is not loopback's: WebRTC, in browsers and in Node, offers nothing else to others, those
 * on the same machine included.
 */
export function canUseWebRtc() {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))
}
