/** What the player waits for or what went wrong, over the picture. */
import { errorWords, isLasting } from './error-words.ts'
import { stateWords, type ViewerElementState } from './viewer-state.ts'

const busyStates: readonly ViewerElementState[] = ['searching', 'starting', 'stalled']

/** What there is to say. */
export interface Status {
  readonly state: ViewerElementState
  /** What ended playback. */
  readonly error: Error | null
  /** What makes it hard to find others, while it searches. */
  readonly warning: Error | null
}

/** Shows it in the parts of the status. */
export function showStatus(root: ParentNode, { state, error, warning }: Status): void {
  const find = (selector: string): HTMLElement | null => root.querySelector<HTMLElement>(selector)
  const [box, title, text] = [find('.status'), find('.title'), find('.text')]
  const [spinner, action] = [find('.spinner'), find('.action')]
  if (box === null || title === null || text === null || spinner === null || action === null) return
  const words = state === 'error' ? errorWords(error) : stateWords[state]
  box.hidden = words === null
  box.dataset.state = state
  if (words === null) return
  title.textContent = words[0]
  text.textContent = state === 'searching' && warning !== null ? `${words[1]} ${warning.message}` : words[1]
  spinner.hidden = !busyStates.includes(state)
  action.hidden = state !== 'blocked' && (state !== 'error' || isLasting(error))
  action.textContent = state === 'error' ? 'Try again' : 'Play'
}
