// What an error is called for the person in front of the player. Its message says the rest.

const titles: Readonly<Record<string, string>> = {
  ERR_FEED_CONFLICT: 'This channel cannot be trusted any more',
  ERR_FEED_FORMAT: 'This is not a video channel',
  ERR_FEED_NOT_FOUND: 'Nobody has this broadcast',
  ERR_FEED_VERSION: 'This player is too old for the broadcast',
  ERR_OPTION_INVALID: 'This player is not set up right',
  ERR_OPTION_LINK: 'This link has a mistake',
  ERR_PLAYBACK_CODEC: 'This browser cannot play this video',
  ERR_PLAYBACK_MEDIA: 'The video cannot be played any further',
  ERR_PLAYBACK_UNSUPPORTED: 'This browser cannot play live video',
  ERR_SECRET_CHANGED: 'This link is out of date',
  ERR_SECRET_MISSING: 'This broadcast is private',
  ERR_SECRET_WRONG: 'This link does not open the broadcast',
  ERR_TRANSPORT_FAILED: 'No connection',
  ERR_TRANSPORT_UNSUPPORTED: 'This browser cannot connect to others',
}

/** What will be the same however often one tries. */
const lasting: ReadonlySet<string> = new Set([
  'ERR_FEED_CONFLICT',
  'ERR_FEED_FORMAT',
  'ERR_FEED_VERSION',
  'ERR_OPTION_INVALID',
  'ERR_OPTION_LINK',
  'ERR_PLAYBACK_CODEC',
  'ERR_PLAYBACK_UNSUPPORTED',
  'ERR_SECRET_CHANGED',
  'ERR_SECRET_MISSING',
  'ERR_SECRET_WRONG',
  'ERR_TRANSPORT_UNSUPPORTED',
])

/** Title and explanation of an error. */
export function errorWords(error: Error | null): readonly [title: string, text: string] {
  return [titles[codeOf(error)] ?? 'This video cannot be played', error?.message ?? '']
}

/** Whether trying again is of no use. */
export function isLasting(error: Error | null): boolean {
  return lasting.has(codeOf(error))
}

function codeOf(error: Error | null): string {
  return error !== null && 'code' in error ? String(error.code) : ''
}
