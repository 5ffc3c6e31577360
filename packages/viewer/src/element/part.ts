/** Finds the parts of the element: the template has put each of them into its shadow tree. */

/** The part that a selector names. */
export function partOf<Kind extends HTMLElement>(root: ParentNode, selector: string): Kind {
  const found = root.querySelector<Kind>(selector)
  if (found === null) throw new Error(`the template has no ${selector}`)
  return found
}
