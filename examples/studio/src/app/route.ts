// Where in the studio a person is, by what stands behind the `#`: no server is told what is watched.

/** A screen. */
export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'live' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'watch'; readonly link: string; readonly trackers: readonly string[] }
  | { readonly screen: 'unknown' }

/** Reads `location.hash`. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?')
  const [first = '', second = '', ...more] = path.split('/').map(decode)
  if (more.length > 0) return { screen: 'unknown' }
  if (first === 'watch' && second !== '') {
    return { screen: 'watch', link: linkOf(second), trackers: new URLSearchParams(query).getAll('tracker') }
  }
  if (second !== '') return { screen: 'unknown' }
  if (first === '') return { screen: 'home' }
  return first === 'live' || first === 'settings' ? { screen: first } : { screen: 'unknown' }
}

/**
 * The hash of the watch screen.
 *
 * @param trackers to meet by; none for those of the site
 */
export function watchHash(link: string, trackers: readonly string[] = []): string {
  const query = new URLSearchParams(trackers.map((tracker) => ['tracker', tracker]))
  const path = `#/watch/${encodeURIComponent(link.trim().replace(/^hypervision:(\/\/)?/i, ''))}`
  return trackers.length === 0 ? path : `${path}?${query}`
}

/**
 * What a person pasted to watch, as a route: a link, or the address of a watch screen of any studio.
 *
 * @returns null where it is neither; whether the link is spelt right is for the player to say
 */
export function readPasted(text: string): (Route & { screen: 'watch' }) | null {
  const trimmed = text.trim()
  const at = trimmed.indexOf('#')
  if (/^https?:/i.test(trimmed) && at > 0) {
    const route = readRoute(trimmed.slice(at))
    return route.screen === 'watch' ? route : null
  }
  const isLink = /^hypervision:/i.test(trimmed) || /^[0-9a-f]{64}$/i.test(trimmed)
  return isLink ? { screen: 'watch', link: trimmed, trackers: [] } : null
}

/** The path of the address has a link without its scheme, or the hex digits of a key. */
function linkOf(text: string): string {
  return /^[0-9a-f]{64}$/i.test(text) || /^hypervision:/i.test(text) ? text : `hypervision:${text}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
