// Real Chromium for tests, benches and the demo's check. A person's own browser is never touched: every start has a profile of its
// own.
import { needProgram, programs } from './programs.mjs'

// Chromium takes the last list that it is given: this one replaces Playwright's.
const disabledFeatures = [
  // Two more pages behind the address bar of each window: they keep the processor busy, and nobody sees them here.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Of Playwright's list, what asks the network at a start, or does anything to windows and pictures.
  'AimEnabled',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PreconnectToSearch',
  'MediaRouter',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'PaintHolding',
]

/** What every start is given. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${disabledFeatures.join(',')}`,
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
