// All that a broadcaster or a viewer gives to others.
import { fill, h } from '../app/dom.ts'
import { icon } from '../app/icons.ts'
import { elementSnippet, frameSnippet, hasSecret, isOfThisMachine, type Shared, webLink } from '../app/sharing.ts'
import { button } from './button.ts'
import { copyField } from './copy-field.ts'
import { radioField } from './field.ts'
import { qrCode } from './qr-code.ts'

/** The panel of a channel. */
export function sharePanel(shared: Shared): HTMLElement {
  const address = webLink(shared)
  const isPrivate = hasSecret(shared.link)
  const snippet = h('div')
  const show = (kind: string): void => {
    const markup = kind === 'frame' ? frameSnippet(shared) : elementSnippet(shared)
    fill(snippet, copyField(kind === 'frame' ? 'iframe' : 'Script tag and element', markup, 4))
  }
  show('element')
  const kinds = [
    { value: 'element', label: 'Script tag' },
    { value: 'frame', label: 'iframe' },
  ]
  return h(
    'section',
    { class: 'card share', 'aria-label': 'Share' },
    h('h2', {}, 'Share'),
    isPrivate
      ? h(
          'p',
          {},
          'This broadcast is private, and the link is the key to it: whoever gets it can watch, and pass it on.',
        )
      : null,
    copyField('Web link', address),
    isOfThisMachine(address)
      ? h(
          'p',
          { class: 'hint' },
          'This address works on this machine only: put the studio on a web server to share it with others.',
        )
      : null,
    copyField('Link for apps', shared.link),
    'share' in navigator
      ? button('Share with…', () => void navigator.share({ url: address }).catch(() => {}), { picture: 'share' })
      : null,
    h('details', {}, h('summary', {}, 'QR code'), h('div', { class: 'qr-frame' }, qrCode(address))),
    h(
      'details',
      {},
      h('summary', {}, 'Put it on your site'),
      isPrivate
        ? h(
            'p',
            { class: 'hint warning' },
            icon('warning'),
            'The markup has the key in it: everybody who can open the page it stands in can watch.',
          )
        : null,
      radioField('Kind of markup', kinds, 'element', show),
      snippet,
    ),
  )
}
