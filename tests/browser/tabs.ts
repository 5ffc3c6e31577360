// Real Chromium with the tabs of one window: one is in front, and the others are hidden and run as slowly as a browser lets them.
// Playwright keeps every page visible, whatever lies before it.
import puppeteer, { type Browser } from 'puppeteer-core'
import { onTestFinished } from 'vitest'
import { chromiumFlags } from '../../scripts/chromium.mjs'
import { needProgram, programs } from '../../scripts/programs.mjs'

/** Starts it; it ends with the test. */
export async function startChromiumWithTabs(): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath: needProgram(programs.chromium),
    args: [...chromiumFlags],
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  })
  onTestFinished(() => browser.close())
  return browser
}
