// What a broadcaster says of the show, from what was typed and chosen.
import type { MetadataOptions } from '@hypervision/core'
import type { Preferences } from '../app/preferences.ts'
import { posterBytes } from './poster.ts'

/** When the show is meant to begin; null where nothing is planned, or the time is past. */
export function plannedStart(startsAt: string, now: number): Date | null {
  const at = Date.parse(startsAt)
  return at > now ? new Date(at) : null
}

/** As core takes it: what is left empty takes away what a channel that is kept said before. */
export function showOf({ title, description, startsAt, poster }: Preferences): MetadataOptions {
  return {
    title: title || null,
    description: description || null,
    startsAt: plannedStart(startsAt, Date.now()),
    poster: posterBytes(poster),
  }
}
