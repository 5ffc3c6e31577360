// The sign of a studio: ON AIR or OFF AIR.
import { h, setText } from '../app/dom.ts'

/** The sign, and how to turn it. */
export interface Sign {
  readonly node: HTMLElement
  /** @param text beside the words, such as the time on air */
  turn(isOnAir: boolean, text?: string): void
}

/** Makes one. */
export function sign(): Sign {
  const words = h('strong', {}, 'OFF AIR')
  const beside = h('span', { class: 'sign-text' })
  const node = h('p', { class: 'sign' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), words, beside)
  return {
    node,
    turn(isOnAir, text = '') {
      node.classList.toggle('on', isOnAir)
      setText(words, isOnAir ? 'ON AIR' : 'OFF AIR')
      setText(beside, text)
    },
  }
}
