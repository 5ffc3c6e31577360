// Watching a broadcast: the player, how it goes, and how to give it to others.
import type { ChannelMetadata } from '@hypervision/core'
import '@hypervision/viewer/element'
import type { HypervisionViewerElement } from '@hypervision/viewer/element'
import { fill, h, setText } from '../app/dom.ts'
import { bytesText, copiesText, delayText } from '../app/figures.ts'
import type { Screen, Studio } from '../app/screen.ts'
import { addressesOf } from '../app/site.ts'
import { lackForWatching, type Problem, problemOf } from '../live/problem.ts'
import { linkButton } from '../parts/button.ts'
import { figureList } from '../parts/figure-list.ts'
import { message } from '../parts/message.ts'
import { sharePanel } from '../parts/share-panel.ts'

const refreshMs = 1000

/**
 * The watch screen.
 *
 * @param trackers of the address; none for those that are set
 */
export async function watchScreen(studio: Studio, link: string, trackers: readonly string[]): Promise<Screen> {
  const { parseLink } = await import('@hypervision/core')
  try {
    parseLink(link)
  } catch (error) {
    return misspeltScreen(problemOf(error))
  }
  return playerScreen(studio, link, trackers)
}

function misspeltScreen(problem: Problem): Screen {
  return {
    title: 'Watch',
    node: h(
      'main',
      { class: 'page narrow' },
      h('h1', { tabindex: '-1' }, 'Nothing to watch here'),
      message(problem, 'alert'),
      linkButton('Paste another link', '#/', 'primary'),
    ),
  }
}

function playerScreen({ site, preferences }: Studio, link: string, trackers: readonly string[]): Screen {
  const { upload, trackers: own } = preferences.now
  const used = trackers.length > 0 ? trackers : (own ?? site.trackers)
  const closing = new AbortController()
  const { signal } = closing
  const heading = h('h1', { tabindex: '-1' }, 'A broadcast')
  const about = h('p', { class: 'about' })
  const figures = figureList('How it goes', [
    'Delay',
    'Connected with',
    'Received',
    'Passed on',
    'Hops from the source',
    'Repairs',
  ])
  const viewer = player(link, used, upload)
  const { iceServers } = site
  viewer.iceServers = iceServers ?? null

  const name = (title: string | null): void => {
    setText(heading, title ?? 'A broadcast')
    document.title = `${title ?? 'A broadcast'} · hypervision`
  }
  viewer.addEventListener(
    'epoch',
    (event) => {
      // Who says nothing of the channel may have named the recording.
      if (viewer.metadata === null) name((event as CustomEvent<{ title: string | null }>).detail.title)
    },
    { signal },
  )
  viewer.addEventListener(
    'metadata',
    (event) => {
      const { title, description } = (event as CustomEvent<ChannelMetadata>).detail
      name(title)
      setText(about, description ?? '')
    },
    { signal },
  )
  const refresh = (): void => {
    const stats = viewer.channelStatistics
    const latencyMs = viewer.statistics?.latencyMs ?? null
    const peers = stats?.peers.length ?? 0
    figures.set([
      latencyMs === null ? null : delayText(latencyMs),
      stats === null ? null : peers === 1 ? '1 other' : `${peers} others`,
      stats === null ? null : bytesText(stats.bytesDown),
      stats === null ? null : `${bytesText(stats.blockBytesUp)} (${copiesText(stats.relayedCopies)})`,
      stats?.live.depth == null ? null : String(stats.live.depth),
      stats === null ? null : String(stats.live.repairs),
    ])
  }
  const timer = setInterval(refresh, refreshMs)
  signal.addEventListener('abort', () => clearInterval(timer))
  refresh()

  const lack = lackForWatching()
  const stage = h('div', { class: 'stage' })
  fill(stage, lack === null ? viewer : h('div', { class: 'stage-words' }, message(lack, 'alert')))
  return {
    title: 'Watch',
    close: () => closing.abort(),
    node: h(
      'main',
      { class: 'page wide' },
      stage,
      h(
        'div',
        { class: 'columns uneven' },
        h('section', { class: 'stack watched' }, heading, about, figures.node),
        sharePanel({
          link,
          trackers: used,
          siteTrackers: site.trackers,
          iceServers: iceServers === undefined ? null : addressesOf(iceServers),
          page: location.href.replace(/#.*$/, ''),
        }),
      ),
    ),
  }
}

function player(link: string, trackers: readonly string[], upload: 'on' | 'ask' | 'off'): HypervisionViewerElement {
  const viewer = document.createElement('hypervision-viewer')
  viewer.setAttribute('src', link)
  viewer.setAttribute('trackers', trackers.join(' '))
  viewer.setAttribute('upload', upload)
  viewer.toggleAttribute('controls', true)
  viewer.toggleAttribute('autoplay', true)
  // Browsers let sound begin only in a page in which a person has clicked.
  viewer.toggleAttribute('muted', navigator.userActivation?.hasBeenActive !== true)
  return viewer
}
