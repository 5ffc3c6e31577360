// What a screen is given, and what it gives.
import type { LiveSession } from '../live/live-session.ts'
import type { PreferenceStore } from './preferences.ts'
import type { Site } from './site.ts'

/** What every screen may use. */
export interface Studio {
  readonly site: Site
  readonly preferences: PreferenceStore
  readonly session: LiveSession
}

/** A screen on the page. */
export interface Screen {
  /** Of the browser's tab. */
  readonly title: string
  readonly node: HTMLElement
  /** Ends what it started; it is taken from the page. */
  close?(): void
}
