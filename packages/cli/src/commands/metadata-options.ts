/** What a broadcaster says of its channel, as options, and how that is told to those who watch. */
import { readFile } from 'node:fs/promises'
import type { ChannelMetadata, MetadataOptions } from '@hypervision/core'
import { type OptionValues, value } from '../options/option.ts'
import { dateTime, text } from '../options/value-text.ts'
import type { EventDetail } from '../terminal/reporter.ts'
import { inputError } from './byte-source.ts'

/** `--title`, `--description`, `--poster`, `--starts-at` */
export const metadataOptions = {
  title: value('TEXT', 'Title of the show, up to 200 characters', text),
  description: value('TEXT', 'What the show is about, up to 2000 characters', text),
  poster: value(
    'FILE',
    'Picture for those who wait: AVIF, JPEG, PNG or WebP of up to 128 KiB. With --storage these four are kept; one that is left out stays as it was',
    text,
  ),
  'starts-at': value(
    'TIME',
    'When it is meant to begin, told to those who wait: 2026-01-31T20:15, by the clock of this machine, or with Z or +01:00 behind it',
    dateTime,
  ),
}

/**
 * The same, as core takes it.
 *
 * @throws HypervisionError ERR_CAPTURE_INPUT for a picture that cannot be read
 */
export async function metadataFrom(values: OptionValues<typeof metadataOptions>): Promise<MetadataOptions> {
  const { title, description, poster: file, 'starts-at': startsAt } = values
  const poster =
    file === undefined
      ? undefined
      : await readFile(file).catch((error: unknown) => {
          throw inputError(file, error)
        })
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(poster === undefined ? {} : { poster }),
    ...(startsAt === undefined ? {} : { startsAt }),
  }
}

/** Metadata as plain data. */
export function metadataDetail({ title, description, startsAt, poster }: ChannelMetadata): EventDetail {
  return {
    title,
    description,
    startsAt: startsAt?.toISOString() ?? null,
    poster: poster === null ? null : { type: poster.type, bytes: poster.bytes.byteLength },
  }
}

/**
 * Metadata in words: a plan that is past is none.
 *
 * @param now ms since 1970
 * @returns null where there is nothing to say
 */
export function metadataText({ title, description, startsAt }: ChannelMetadata, now: number): string | null {
  const name = title === null ? 'The broadcast' : `"${title}"`
  const isPlanned = startsAt !== null && startsAt.getTime() > now
  const first = isPlanned ? `${name} starts at ${startsAt.toLocaleString()}.` : title === null ? null : `${name}.`
  const lines = [first, description].filter((line) => line !== null)
  return lines.length === 0 ? null : lines.join('\n')
}
