// Buttons with a picture and words.
import { type Attributes, h } from '../app/dom.ts'
import { type IconName, icon } from '../app/icons.ts'

/** How much a button wants to be pressed. */
export type ButtonLook = 'primary' | 'secondary' | 'quiet'

/** A button. */
export function button(
  words: string,
  onclick: () => void,
  { look = 'secondary', picture, ...attributes }: Attributes & { look?: ButtonLook; picture?: IconName } = {},
): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: `button ${look}`, onclick, ...attributes },
    picture === undefined ? null : icon(picture),
    h('span', {}, words),
  )
}

/** A link that looks like a button. */
export function linkButton(words: string, href: string, look: ButtonLook, picture?: IconName): HTMLAnchorElement {
  return h('a', { href, class: `button ${look}` }, picture === undefined ? null : icon(picture), h('span', {}, words))
}
