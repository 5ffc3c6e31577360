// A picture that a person chooses, small beside its buttons.
import { h, newId, setText } from '../app/dom.ts'
import { readPoster } from '../live/poster.ts'
import { button } from './button.ts'

/**
 * The field.
 *
 * @param value a `data:` address; empty for none
 */
export function posterField(
  label: string,
  value: string,
  onchoose: (poster: string) => void,
  hint: string,
): HTMLElement {
  const id = newId('poster')
  const picture = h('img', { class: 'poster', alt: 'The poster that is chosen' })
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' })
  const input = h('input', {
    id,
    class: 'input',
    type: 'file',
    accept: 'image/*',
    'aria-describedby': `${id}-hint ${id}-error`,
    onchange: () => void choose(input.files?.[0]),
  })
  const remove = button('Remove the poster', () => {
    input.value = ''
    show('')
    onchoose('')
    input.focus()
  })
  const show = (poster: string): void => {
    if (poster !== '') picture.src = poster
    picture.hidden = poster === ''
    remove.hidden = poster === ''
    setText(error, '')
  }
  const choose = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    try {
      const poster = await readPoster(file)
      show(poster)
      onchoose(poster)
    } catch (problem) {
      setText(error, problem instanceof Error ? problem.message : String(problem))
    }
  }
  show(value)
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id, class: 'label' }, label),
    picture,
    input,
    h('p', { id: `${id}-hint`, class: 'hint' }, hint),
    error,
    remove,
  )
}
