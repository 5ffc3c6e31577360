// What the element is doing, in one word for programs and in words for people.

/**
 * `empty`: no channel is named. `searching`: nobody with the channel found yet. `waiting`: found, and nothing is on air.
 * `starting`: the first picture is on its way. `blocked`: the browser wants a person to begin playback. `playing`, `paused`:
 * as they say. `stalled`: the next part is late. `ended`: the broadcast is over. `error`: it cannot go on.
 */
export type ViewerElementState =
  | 'empty'
  | 'searching'
  | 'waiting'
  | 'starting'
  | 'blocked'
  | 'playing'
  | 'paused'
  | 'stalled'
  | 'ended'
  | 'error'

/** Title and explanation; null where the picture says enough. */
export type StateWords = readonly [title: string, text: string] | null

/** What a person is told about each state; about an error, the error says it. */
export const stateWords: Readonly<Record<Exclude<ViewerElementState, 'error'>, StateWords>> = {
  empty: ['Nothing to watch', 'This player has no link to a broadcast.'],
  searching: ['Connecting', 'Looking for somebody who has this broadcast.'],
  waiting: ['Waiting for the broadcaster', 'The video starts by itself as soon as the broadcast does.'],
  starting: ['Starting', 'The first picture is on its way.'],
  blocked: ['Ready', 'Press play to watch.'],
  playing: null,
  paused: null,
  stalled: ['Interrupted', 'The next part of the video is late. It goes on by itself.'],
  ended: ['The broadcast has ended', 'If it begins again, so does this player.'],
}
