/** Errors of a channel's key: it makes one history, in one place at a time. */
import { HypervisionError } from '../contracts/index.ts'

/** Two histories were signed. */
export function conflict(link: string): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_CONFLICT',
    `The channel ${link} has two histories: its key was used by two broadcasters at once, or an old copy of its storage ` +
      'was used again. What was received stays stored; the broadcaster has to begin a new channel.',
    { detail: { link } },
  )
}

/** Somebody else appends. */
export function onAir(link: string): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_ON_AIR',
    `Another broadcaster is on air with the key of ${link}. Two at once make two histories, which viewers refuse for ever: ` +
      'close the other one first, or begin a channel of its own here.',
    { detail: { link } },
  )
}

/** The storage lacks what viewers have, and it could not be fetched. */
export function behind(link: string, blocks: number, viewersBlocks: number, cause?: unknown): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_BEHIND',
    `Viewers have ${viewersBlocks} blocks of ${link}, and only ${blocks} are here: the storage is an old copy, or was lost. What is missing could ` +
      'not be fetched from them. Start again while they are there, or use the newest copy of the storage.',
    { cause, detail: { link, blocks, viewersBlocks } },
  )
}
