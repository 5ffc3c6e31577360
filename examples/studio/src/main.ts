// The studio: one page whose screens are chosen by what stands behind the `#`.
import './styles/base.css'
import './styles/parts.css'
import './styles/screens.css'
import { fill, h } from './app/dom.ts'
import { PreferenceStore } from './app/preferences.ts'
import { type Route, readRoute } from './app/route.ts'
import type { Screen, Studio } from './app/screen.ts'
import { loadSite } from './app/site.ts'
import { LiveSession } from './live/live-session.ts'
import { linkButton } from './parts/button.ts'
import { header } from './parts/header.ts'
import { homeScreen } from './screens/home.ts'
import { liveScreen } from './screens/live.ts'
import { settingsScreen } from './screens/settings.ts'

const site = await loadSite()
const preferences = new PreferenceStore()
const session = new LiveSession(preferences, site)
const studio: Studio = { site, preferences, session }
const top = header(session)
const place = h('div', { class: 'place' })
let shown: Screen | null = null
let shows = 0

document.body.append(h('a', { class: 'skip', href: '#content', onclick: skip }, 'Skip to the content'), top.node, place)
addEventListener('hashchange', () => void show(true))
addEventListener('beforeunload', (event) => {
  if (session.isOnAir) event.preventDefault()
})
await show(false)

/** @param isMoving whether a person has come from another screen: the focus goes along then */
async function show(isMoving: boolean): Promise<void> {
  const route = readRoute(location.hash)
  const turn = ++shows
  const next = await screenOf(route)
  // Another screen was asked for in the meantime.
  if (turn !== shows) return next.close?.()
  shown?.close?.()
  shown = next
  // A camera that nobody looks at has no business to be on; on air it is somebody's business.
  if (route.screen !== 'live' && route.screen !== 'settings') void session.reset()
  top.show(route.screen)
  document.title = next.title === 'hypervision' ? next.title : `${next.title} · hypervision`
  next.node.id = 'content'
  fill(place, next.node)
  if (!isMoving) return
  scrollTo(0, 0)
  next.node.querySelector('h1')?.focus({ preventScroll: true })
}

async function screenOf(route: Route): Promise<Screen> {
  switch (route.screen) {
    case 'home':
      return homeScreen(studio)
    case 'live':
      return liveScreen(studio)
    case 'settings':
      return settingsScreen(studio)
    case 'watch': {
      const { watchScreen } = await import('./screens/watch.ts')
      return watchScreen(studio, route.link, route.trackers)
    }
    case 'unknown':
      return {
        title: 'Not found',
        node: h(
          'main',
          { class: 'page narrow' },
          h('h1', { tabindex: '-1' }, 'There is nothing here'),
          h('p', { class: 'lead' }, 'The address leads to no screen of the studio.'),
          linkButton('Back to the start', '#/', 'primary'),
        ),
      }
  }
}

/** A link to a place on this page would be taken for another screen. */
function skip(event: Event): void {
  event.preventDefault()
  place.querySelector('h1')?.focus()
}
