// Elements in one expression. What is put in is text, whatever is in it: nothing is ever parsed as markup.

/** A child: nothing stands for no child, so that a condition can be written in place. */
export type Child = Node | string | number | null | undefined | false

type Attribute = string | number | boolean | null | undefined
type Listener = (event: Event) => void

/** Attributes as they are in HTML, and listeners as `onclick`, `oninput` and so on. */
export type Attributes = Readonly<Record<string, Attribute | Listener>>

/** Makes an element. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (typeof value === 'boolean') element.toggleAttribute(name, value)
    else if (value !== null && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...present(children))
  return element
}

/** Puts other children into an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...present(children))
}

/** Sets a text where it is another: a screen reader reads again what is set again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

let count = 0

/** An id that no other element has, to tie a label to a field. */
export function newId(prefix: string): string {
  return `${prefix}-${++count}`
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null || child === undefined || child === false) return []
    return typeof child === 'number' ? [String(child)] : [child]
  })
}
