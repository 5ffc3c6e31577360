// Figures with their names.
import { h, setText } from '../app/dom.ts'

/** A list of figures, and how to set them. */
export interface FigureList {
  readonly node: HTMLElement
  /** Sets the figures, in the order of the names; null for one that there is not yet. */
  set(values: readonly (string | null)[]): void
}

/** Makes one. */
export function figureList(label: string, names: readonly string[]): FigureList {
  const values = names.map(() => h('dd', {}, '–'))
  const groups = names.map((name, at) => h('div', {}, h('dt', {}, name), values[at]))
  return {
    node: h('dl', { class: 'figures', 'aria-label': label }, ...groups),
    set(texts) {
      for (const [at, value] of values.entries()) setText(value, texts[at] ?? '–')
    },
  }
}
