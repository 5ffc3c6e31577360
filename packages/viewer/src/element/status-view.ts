/** What the player waits for or what went wrong, over the picture. */
import type { ChannelMetadata } from '@hypervision/core'
import { errorWords, isLasting } from './error-words.ts'
import { partOf } from './part.ts'
import { stateWords, type ViewerElementState } from './viewer-state.ts'

const busyStates: readonly ViewerElementState[] = ['searching', 'starting', 'stalled']

/** Until there is a picture, the show is more to a person than what the player does. */
const beforeStates: readonly ViewerElementState[] = ['searching', 'waiting', 'starting', 'blocked']

/** What there is to say. */
export interface Status {
  readonly state: ViewerElementState
  /** What ended playback. */
  readonly error: Error | null
  /** What makes it hard to find others, or to get the stream from them. */
  readonly warning: Error | null
  /** What the broadcaster says of the channel. */
  readonly metadata: ChannelMetadata | null
}

/** Shows it in the parts of the status. */
export function showStatus(root: ParentNode, { state, error, warning, metadata }: Status): void {
  const [box, title, text] = [partOf(root, '.status'), partOf(root, '.title'), partOf(root, '.text')]
  const [spinner, action, about] = [partOf(root, '.spinner'), partOf(root, '.action'), partOf(root, '.about')]
  const words = state === 'error' ? errorWords(error) : stateWords[state]
  box.hidden = words === null
  box.dataset.state = state
  if (words === null) return
  const isBefore = beforeStates.includes(state)
  const start = isBefore || state === 'ended' ? startWords(metadata?.startsAt ?? null, Date.now()) : null
  title.textContent = isBefore && metadata?.title ? metadata.title : words[0]
  const reason = warning !== null && isReason(warning, state) ? warning.message : null
  // While a picture stands there is room for the reason alone.
  const what = reason === null ? words[1] : state === 'stalled' ? reason : `${words[1]} ${reason}`
  text.textContent = start === null ? what : `${start} ${what}`
  about.textContent = (isBefore ? metadata?.description : null) ?? ''
  about.hidden = about.textContent === ''
  spinner.hidden = !busyStates.includes(state)
  action.hidden = state !== 'blocked' && (state !== 'error' || isLasting(error))
  action.textContent = state === 'error' ? 'Try again' : 'Play'
}

/** When it is meant to begin, in the language of the browser; null where that is past or not planned. */
function startWords(startsAt: Date | null, now: number): string | null {
  if (startsAt === null || startsAt.getTime() <= now) return null
  const isToday = startsAt.toDateString() === new Date(now).toDateString()
  const time = startsAt.toLocaleString([], isToday ? { timeStyle: 'short' } : { dateStyle: 'full', timeStyle: 'short' })
  return `Starts at ${time}.`
}

/** Whether a warning says why the player waits. */
function isReason(warning: Error, state: ViewerElementState): boolean {
  const isSlow = 'code' in warning && warning.code === 'ERR_TRANSPORT_TOO_SLOW'
  return state === (isSlow ? 'stalled' : 'searching')
}
