// What a person has chosen, kept in this browser. Where a browser keeps nothing, the choice holds until the page is left.
import type { QualityName } from '@hypervision/capture-browser'
import { isPoster } from '../live/poster.ts'
import { isQualityName } from '../live/quality-choices.ts'

/** What a person has chosen. */
export interface Preferences {
  /** `deviceId`; `any` for the browser's choice, `none` for sound alone. */
  readonly camera: string
  /** `deviceId`; `any` for the browser's choice, `none` for pictures alone. */
  readonly microphone: string
  readonly quality: QualityName
  /** What is heard while the screen is shown. */
  readonly screenSound: 'microphone' | 'screen'
  /** Whether broadcasts go on under one link, which this browser keeps. */
  readonly keepsChannel: boolean
  /** Title of the last broadcast. */
  readonly title: string
  /** What it is about. */
  readonly description: string
  /** When it is meant to begin, as a field of date and time has it: local time, `2030-01-31T20:15`; empty for no plan. */
  readonly startsAt: string
  /** Picture until there is one of the video, a `data:` address; empty for none. */
  readonly poster: string
  /** Whether only those who have the whole link can watch. */
  readonly isPrivate: boolean
  /** Trackers in place of the site's; null for the site's. */
  readonly trackers: readonly string[] | null
  /** Whether what is watched is passed on. */
  readonly upload: 'on' | 'ask' | 'off'
}

const storageKey = 'hypervision-studio'

/** What holds before a person has chosen. */
export const defaults: Preferences = {
  camera: 'any',
  microphone: 'any',
  quality: 'high',
  screenSound: 'microphone',
  keepsChannel: false,
  title: '',
  description: '',
  startsAt: '',
  poster: '',
  isPrivate: false,
  trackers: null,
  upload: 'on',
}

/** The choices of now; fires `change`. */
export class PreferenceStore extends EventTarget {
  #now: Preferences = load()

  get now(): Preferences {
    return this.#now
  }

  /** Changes some of them, and keeps them where the browser does. */
  set(changes: Partial<Preferences>): void {
    this.#now = { ...this.#now, ...changes }
    try {
      localStorage.setItem(storageKey, JSON.stringify(this.#now))
    } catch {
      // The browser keeps nothing, or has no room.
    }
    this.dispatchEvent(new Event('change'))
  }
}

function load(): Preferences {
  try {
    return readPreferences(JSON.parse(localStorage.getItem(storageKey) ?? 'null'))
  } catch {
    return defaults
  }
}

/** Takes what makes sense of what was kept, perhaps by another version. */
export function readPreferences(value: unknown): Preferences {
  const kept = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const text = (name: 'camera' | 'microphone' | 'title' | 'description' | 'startsAt'): string => {
    const found = kept[name]
    return typeof found === 'string' ? found : defaults[name]
  }
  const { quality, screenSound, trackers, upload, poster } = kept
  return {
    camera: text('camera'),
    microphone: text('microphone'),
    title: text('title'),
    description: text('description'),
    startsAt: text('startsAt'),
    poster: isPoster(poster) ? poster : defaults.poster,
    isPrivate: kept.isPrivate === true,
    quality: isQualityName(quality) ? quality : defaults.quality,
    screenSound: screenSound === 'screen' ? 'screen' : 'microphone',
    keepsChannel: kept.keepsChannel === true,
    trackers: Array.isArray(trackers) ? trackers.filter((tracker) => typeof tracker === 'string') : null,
    upload: upload === 'ask' || upload === 'off' ? upload : 'on',
  }
}
