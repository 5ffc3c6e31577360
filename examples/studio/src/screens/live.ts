// Going live: choose what to show, see oneself, go on air, and off again.
import { fill, h, setText } from '../app/dom.ts'
import type { Screen, Studio } from '../app/screen.ts'
import { addressesOf } from '../app/site.ts'
import { sharePanel } from '../parts/share-panel.ts'
import { livePanel } from './live-panel.ts'
import { liveStage } from './live-stage.ts'

const refreshMs = 500

/** The live screen. */
export function liveScreen(studio: Studio): Screen {
  const { session, site } = studio
  const closing = new AbortController()
  const stage = liveStage(session, closing.signal)
  const panel = livePanel(studio)
  const share = h('div')
  const said = h('p', { class: 'visually-hidden', role: 'status' })
  let sharedLink: string | null = null

  const update = (): void => {
    stage.update()
    panel.update()
    if (session.state === 'live') setText(said, 'You are on air.')
    else if (session.state === 'announced') setText(said, 'Your broadcast is announced.')
    else if (session.state === 'ended') setText(said, 'You are off air.')
    const link = session.state === 'ending' ? null : session.link
    if (link === sharedLink) return
    sharedLink = link
    const page = location.href.replace(/#.*$/, '')
    const iceServers = site.iceServers === undefined ? null : addressesOf(site.iceServers)
    const { trackers } = session
    fill(share, link !== null && sharePanel({ link, trackers, siteTrackers: site.trackers, iceServers, page }))
  }
  session.addEventListener('change', update, { signal: closing.signal })
  const timer = setInterval(() => session.state === 'live' && update(), refreshMs)
  update()

  return {
    title: 'Go live',
    close() {
      clearInterval(timer)
      closing.abort()
    },
    node: h(
      'main',
      { class: 'page wide live' },
      h('h1', { tabindex: '-1', class: 'visually-hidden' }, 'Go live'),
      said,
      h('div', { class: 'columns uneven' }, stage.node, h('div', { class: 'stack' }, panel.node, share)),
    ),
  }
}
