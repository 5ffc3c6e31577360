// Text to take along, with a button that copies it and says so.
import { h, newId, setText } from '../app/dom.ts'
import { button } from './button.ts'

/** A field whose text a person copies. */
export function copyField(label: string, text: string, rows = 1): HTMLElement {
  const id = newId('copy')
  const input =
    rows === 1
      ? h('input', { id, class: 'input code', readonly: true, value: text, spellcheck: 'false' })
      : h('textarea', { id, class: 'input code', readonly: true, rows, spellcheck: 'false', wrap: 'off' }, text)
  input.addEventListener('focus', () => input.select())
  const said = h('span', { class: 'hint', role: 'status' })
  const copy = async (): Promise<void> => {
    // Said again where it has been said.
    setText(said, '')
    try {
      await navigator.clipboard.writeText(text)
      setText(said, 'Copied')
    } catch {
      input.focus()
      input.select()
      setText(said, 'Selected: copy it with the keyboard')
    }
  }
  return h(
    'div',
    { class: 'field copy' },
    h('label', { for: id, class: 'label' }, label),
    h(
      'div',
      { class: rows === 1 ? 'row' : 'column' },
      input,
      button('Copy', () => void copy(), { picture: 'copy', 'aria-label': `Copy: ${label}` }),
    ),
    said,
  )
}
