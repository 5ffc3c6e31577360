// A box that says what went wrong and what to do, or how things stand.
import { type Child, h } from '../app/dom.ts'
import { icon } from '../app/icons.ts'
import type { Problem } from '../live/problem.ts'

/** The box; `role` decides whether a screen reader is interrupted. */
export function message(
  { title, text }: Problem,
  role: 'alert' | 'status' | 'note',
  ...actions: readonly Child[]
): HTMLElement {
  return h(
    'div',
    { class: `message ${role}`, role },
    icon(role === 'status' ? 'signal' : 'warning'),
    h('div', {}, h('p', { class: 'message-title' }, title), h('p', {}, text)),
    actions.length === 0 ? null : h('div', { class: 'actions' }, ...actions),
  )
}
