// What stands above every screen: where one is, and whether one is on air.
import { h } from '../app/dom.ts'
import { icon } from '../app/icons.ts'
import type { Route } from '../app/route.ts'
import type { LiveSession } from '../live/live-session.ts'

/** The header, and how to say which screen is shown. */
export interface Header {
  readonly node: HTMLElement
  show(screen: Route['screen']): void
}

/** Makes it. */
export function header(session: LiveSession): Header {
  const live = h('span', {}, 'Go live')
  const links = {
    live: h('a', { href: '#/live' }, icon('signal'), live),
    settings: h('a', { href: '#/settings' }, icon('settings'), h('span', {}, 'Settings')),
  }
  const update = (): void => {
    links.live.classList.toggle('on-air', session.state === 'live')
    live.textContent = session.state === 'live' ? 'On air' : 'Go live'
  }
  session.addEventListener('change', update)
  update()
  return {
    node: h(
      'header',
      { class: 'header' },
      h('a', { class: 'wordmark', href: '#/' }, h('span', { class: 'mark', 'aria-hidden': 'true' }), 'hypervision'),
      h('nav', { 'aria-label': 'Studio' }, links.live, links.settings),
    ),
    show(screen) {
      for (const [name, link] of Object.entries(links)) {
        if (name === screen) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}
