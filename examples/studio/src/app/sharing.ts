// What a broadcaster gives to others: an address of this studio, and markup for other sites.
import { watchHash } from './route.ts'

/** What to share, and where this studio is. */
export interface Shared {
  /** `hypervision:…` */
  readonly link: string
  /** Trackers that the broadcaster uses. */
  readonly trackers: readonly string[]
  /** Trackers that whoever opens this studio uses anyway. */
  readonly siteTrackers: readonly string[]
  /** ICE servers of the site by their addresses; null for the player's own. */
  readonly iceServers: readonly string[] | null
  /** Address of this studio's page. */
  readonly page: string
}

/** The address that opens the broadcast in this studio. */
export function webLink({ link, trackers, siteTrackers, page }: Shared): string {
  const isSame = trackers.length === siteTrackers.length && trackers.every((one) => siteTrackers.includes(one))
  return new URL(watchHash(link, isSame ? [] : trackers), page).href
}

/** Markup for another site: a script and the element. */
export function elementSnippet(shared: Shared): string {
  const script = new URL('player/dist/script/element.js', shared.page).href
  const ice = shared.iceServers === null ? '' : ` ice-servers="${escapeHtml(shared.iceServers.join(' '))}"`
  return [
    `<script src="${escapeHtml(script)}"></script>`,
    `<hypervision-viewer src="${escapeHtml(shared.link)}"`,
    `  trackers="${escapeHtml(shared.trackers.join(' '))}"${ice}`,
    '  autoplay muted controls></hypervision-viewer>',
  ].join('\n')
}

/** Markup for another site that lets no scripts in. */
export function frameSnippet({ link, trackers, iceServers, page }: Shared): string {
  const address = new URL('player/embed.html', page)
  if (trackers.length > 0) address.searchParams.set('trackers', trackers.join(' '))
  if (iceServers !== null) address.searchParams.set('ice-servers', iceServers.join(' '))
  address.searchParams.set('autoplay', '')
  address.searchParams.set('muted', '')
  address.hash = link
  return [
    `<iframe src="${escapeHtml(address.href)}"`,
    '  width="640" height="360" allow="autoplay; fullscreen; picture-in-picture"',
    '  title="Live video" style="border: 0"></iframe>',
  ].join('\n')
}

/** Whether a link has the secret of a private broadcast in it. */
export function hasSecret(link: string): boolean {
  return link.includes('#')
}

/** Whether only a browser of this machine can open an address. */
export function isOfThisMachine(address: string): boolean {
  const { hostname } = new URL(address)
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
