import type { Browser } from 'playwright-core'

/** How to start Chromium. */
export interface ChromiumOptions {
  readonly args?: readonly string[]
  /** Whether sound may begin without a person's click. @default true */
  readonly mayAutoplay?: boolean
}

/** What every start is given. */
export const chromiumFlags: readonly string[]

export function launchChromium(options?: ChromiumOptions): Promise<Browser>
