// Fields of forms: a label, what is set, and a hint below it.
import { type Attributes, type Child, h, newId } from '../app/dom.ts'

/** One of several things to choose. */
export interface Choice {
  readonly value: string
  readonly label: string
}

/** A line of text. */
export function textField(
  label: string,
  attributes: Attributes,
  hint?: Child,
): { node: HTMLElement; input: HTMLInputElement } {
  const id = newId('field')
  const input = h('input', {
    id,
    type: 'text',
    class: 'input',
    autocomplete: 'off',
    ...attributes,
    ...describedBy(id, hint),
  })
  return { node: wrap(id, label, input, hint), input }
}

/** Several lines of text. */
export function areaField(
  label: string,
  attributes: Attributes,
  value: string,
  hint?: Child,
): { node: HTMLElement; area: HTMLTextAreaElement } {
  const id = newId('field')
  const area = h('textarea', { id, class: 'input', ...attributes, ...describedBy(id, hint) }, value)
  return { node: wrap(id, label, area, hint), area }
}

/** A list to choose one from. */
export function selectField(
  label: string,
  choices: readonly Choice[],
  value: string,
  onchoose: (value: string) => void,
  hint?: Child,
): { node: HTMLElement; select: HTMLSelectElement } {
  const id = newId('field')
  const select = h('select', { id, class: 'input', ...describedBy(id, hint), onchange: () => onchoose(select.value) })
  setChoices(select, choices, value)
  return { node: wrap(id, label, h('div', { class: 'select' }, select), hint), select }
}

/** Puts other choices into a list. */
export function setChoices(select: HTMLSelectElement, choices: readonly Choice[], value: string): void {
  const options = choices.map((choice) => h('option', { value: choice.value }, choice.label))
  select.replaceChildren(...options)
  select.value = value
  if (select.selectedIndex === -1) select.selectedIndex = 0
}

/** A few things to choose one from, side by side. */
export function radioField(
  label: string,
  choices: readonly Choice[],
  value: string,
  onchoose: (value: string) => void,
  hint?: Child,
): HTMLFieldSetElement {
  const name = newId('radio')
  return h(
    'fieldset',
    { class: 'field' },
    h('legend', { class: 'label' }, label),
    h(
      'div',
      { class: 'segments' },
      ...choices.map((choice) =>
        h(
          'label',
          { class: 'segment' },
          h('input', {
            type: 'radio',
            name,
            value: choice.value,
            checked: choice.value === value,
            onchange: () => onchoose(choice.value),
          }),
          h('span', {}, choice.label),
        ),
      ),
    ),
    hint === undefined ? null : h('p', { class: 'hint' }, hint),
  )
}

function describedBy(id: string, hint: Child): Attributes {
  return hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }
}

function wrap(id: string, label: string, control: HTMLElement, hint: Child): HTMLElement {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id, class: 'label' }, label),
    control,
    hint === undefined ? null : h('p', { id: `${id}-hint`, class: 'hint' }, hint),
  )
}
