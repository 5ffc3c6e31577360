// The first screen: watch something, or go live.
import { h, newId } from '../app/dom.ts'
import { icon } from '../app/icons.ts'
import { readPasted, watchHash } from '../app/route.ts'
import type { Screen, Studio } from '../app/screen.ts'
import { lackForWatching } from '../live/problem.ts'
import { button, linkButton } from '../parts/button.ts'
import { message } from '../parts/message.ts'

/** Home. */
export function homeScreen({ site, session }: Studio): Screen {
  const lack = lackForWatching()
  const { heading, channels } = site.onAir
  return {
    title: 'hypervision',
    node: h(
      'main',
      { class: 'page home' },
      h('h1', { tabindex: '-1' }, 'Live video that viewers pass on'),
      h(
        'p',
        { class: 'lead' },
        'No account, no server in the middle: the picture goes from your browser to your viewers, and from them to each other.',
      ),
      lack === null ? null : message(lack, 'note'),
      h(
        'div',
        { class: 'columns' },
        watchCard(),
        h(
          'section',
          { class: 'card', 'aria-labelledby': 'home-live' },
          h('h2', { id: 'home-live' }, 'Go live'),
          h('p', {}, 'Show your camera or your screen. You see yourself before anybody else does.'),
          h('div', { class: 'grow' }),
          linkButton(session.isOnAir ? 'Back to your broadcast' : 'Go live', '#/live', 'primary', 'signal'),
        ),
      ),
      channels.length === 0
        ? null
        : h(
            'section',
            { 'aria-labelledby': 'home-on-air', class: 'on-air-list' },
            h('h2', { id: 'home-on-air' }, heading),
            h(
              'ul',
              { class: 'channels' },
              ...channels.map(({ title, link }) =>
                h(
                  'li',
                  {},
                  h(
                    'a',
                    { class: 'channel', href: watchHash(link) },
                    h('span', { class: 'dot', 'aria-hidden': 'true' }),
                    h('span', { class: 'channel-title' }, title),
                    h('span', { class: 'channel-action' }, 'Watch'),
                  ),
                ),
              ),
            ),
          ),
    ),
  }
}

function watchCard(): HTMLElement {
  const id = newId('watch')
  const input = h('input', {
    id,
    class: 'input',
    type: 'text',
    placeholder: 'hypervision:…',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': `${id}-error`,
    oninput: () => show(''),
  })
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' })
  const show = (text: string): void => {
    error.replaceChildren(...(text === '' ? [] : [icon('warning'), text]))
    input.setAttribute('aria-invalid', String(text !== ''))
  }
  const watch = (): void => {
    const found = readPasted(input.value)
    if (found !== null) {
      location.hash = watchHash(found.link, found.trackers)
      return
    }
    show(
      input.value.trim() === ''
        ? 'Paste the link that the broadcaster gave you.'
        : 'This is no link to a broadcast. It begins with “hypervision:”, or is the address of a watch page.',
    )
    input.focus()
  }
  return h(
    'section',
    { class: 'card', 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, 'Watch'),
    h(
      'form',
      {
        class: 'grow stack',
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault()
          watch()
        },
      },
      h('label', { for: id }, 'Paste the link of a broadcast.'),
      input,
      error,
      h('div', { class: 'grow' }),
      button('Watch', () => {}, { type: 'submit', picture: 'play' }),
    ),
  )
}
