// A page that plays a channel, and the figures of what it shows.
import '@hypervision/viewer/element'
import type { HypervisionViewerElement } from '@hypervision/viewer/element'
import { percentile } from '../statistics.ts'

declare global {
  /** Puts a player on the page. */
  function watch(link: string, tracker: string): void
  /** Of what was shown since the last call. */
  function figures(): { p50Ms: number; p99Ms: number; peers: number; stalls: number; lost: null }
}

/** How often it is looked how late the picture is, ms. */
const lookMs = 250
let element: HypervisionViewerElement | null = null
let delays: number[] = []

globalThis.watch = (link, tracker) => {
  const player = document.createElement('hypervision-viewer')
  const attributes = { src: link, trackers: tracker, 'ice-servers': '', autoplay: '', muted: '' }
  for (const [name, value] of Object.entries(attributes)) player.setAttribute(name, value)
  document.body.append(player)
  element = player
  setInterval(() => {
    const latencyMs = player.statistics?.latencyMs
    if (typeof latencyMs === 'number') delays.push(latencyMs)
  }, lookMs)
}

globalThis.figures = () => {
  const [p50Ms, p99Ms] = [percentile(delays, 0.5), percentile(delays, 0.99)]
  delays = []
  const peers = element?.channelStatistics?.peers.length ?? 0
  return { p50Ms, p99Ms, peers, stalls: element?.statistics?.stalls ?? 0, lost: null }
}
