/**
 * Opens the channel of an element. core and the transport are loaded when the first channel is, so that a page with a player that
 * nobody starts stays light.
 */
import type { StartPosition, Transport } from '@hypervision/core'
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
  const { createViewer, webrtc } = await import('./network.ts')
  const { link, from, uploads, trackers, iceServers, signal } = options
  const transports = options.transports ?? [webrtc({ trackers, ...(iceServers === undefined ? {} : { iceServers }) })]
  return createViewer({ link, from, uploads, transports, signal })
}
