/**
 * Opens the channel of an element. core and the transport are loaded when the first channel is, so that a page with a player that
 * nobody starts stays light.
 */
import type { StartPosition, Transport } from '@hypervision/core'
import { HypervisionError } from '@hypervision/core/contracts'
import type { IceServer } from '@hypervision/transport-webrtc'
import type { SessionViewer } from './channel-session.ts'

/** What to open, and over what. */
export interface ChannelOptions {
  readonly link: string
  readonly from: StartPosition
  readonly uploads: boolean
  /** Given, they are used and nothing else. */
  readonly transports: readonly Transport[] | null
  /** Addresses of trackers. */
  readonly trackers: readonly string[]
  /** Left undefined, the transport's own. */
  readonly iceServers: readonly IceServer[] | undefined
  readonly signal: AbortSignal
}

/**
 * Opens it.
 *
 * @throws HypervisionError ERR_OPTION_…, ERR_TRANSPORT_…
 */
export async function openChannel(options: ChannelOptions): Promise<SessionViewer> {
  const { createViewer, parseLink, parseSecret, webrtc } = await import('./network.ts')
  const { link, from, uploads, trackers, iceServers, signal } = options
  // Of two mistakes, the one that the person can put right is told.
  parseLink(link)
  parseSecret(link)
  if (options.transports === null && trackers.length === 0) {
    throw new HypervisionError(
      'ERR_OPTION_INVALID',
      'It has no tracker to find others by: name one in the attribute `trackers`, such as wss://tracker.your.site.',
      { detail: { option: 'trackers' } },
    )
  }
  const transports = options.transports ?? [webrtc({ trackers, ...(iceServers === undefined ? {} : { iceServers }) })]
  return createViewer({ link, from, uploads, transports, signal })
}
