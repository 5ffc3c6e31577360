// Real Chromium for tests, benches and the demo's check. A person's own browser is never touched: every start has a profile of its
// own.
import { needProgram, programs } from './programs.mjs'

/** What every start is given. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts Chromium; whoever starts it closes it.
 *
 * @param {{ args?: readonly string[], mayAutoplay?: boolean }} options `mayAutoplay`: whether sound may begin without a person's
 *   click; it may where that is left out
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchChromium({ args = [], mayAutoplay = true } = {}) {
  const { chromium } = await import('playwright-core')
  const policy = mayAutoplay ? 'no-user-gesture-required' : 'document-user-activation-required'
  return chromium.launch({
    executablePath: needProgram(programs.chromium),
    args: [...chromiumFlags, `--autoplay-policy=${policy}`, ...args],
  })
}
