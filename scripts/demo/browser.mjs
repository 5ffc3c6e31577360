// Looks at the page in a real browser, where the machine has one.
import { launchChromium } from '../chromium.mjs'

const deadlineMs = 20_000
/** The picture has to move by so much, seconds. */
const wantedSeconds = 2

/**
 * Opens the page and waits until its video has moved on.
 *
 * @returns {Promise<{ width: number, height: number, seconds: number, latencyMs: number | null, state: string }>}
 */
export async function lookAtPage(url) {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(url)
    const start = await page.waitForFunction(
      () => {
        const video = document.querySelector('video')
        return video.videoWidth > 0 && video.currentTime > 0 ? video.currentTime : null
      },
      undefined,
      { timeout: deadlineMs },
    )
    const began = await start.jsonValue()
    await page.waitForFunction((time) => document.querySelector('video').currentTime > time, began + wantedSeconds, {
      timeout: deadlineMs,
    })
    return await page.evaluate((time) => {
      const video = document.querySelector('video')
      const { latencyMs } = video.dataset
      return {
        width: video.videoWidth,
        height: video.videoHeight,
        seconds: video.currentTime - time,
        latencyMs: latencyMs ? Number(latencyMs) : null,
        state: document.getElementById('state').textContent,
      }
    }, began)
  } finally {
    await browser.close()
  }
}

/**
 * Opens the studio, picks a channel that is on air on this machine, and waits until its picture has moved on.
 *
 * @returns {Promise<{ seconds: number, latencyMs: number | null }>}
 */
export async function lookAtStudio(url, title) {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(deadlineMs)
    await page.goto(url)
    await page.getByRole('link', { name: title }).click()
    const start = await page.waitForFunction(() => {
      const viewer = document.querySelector('hypervision-viewer')
      return viewer?.state === 'playing' && viewer.currentTime > 0 && viewer.currentTime
    })
    const began = await start.jsonValue()
    const isOn = ([time, seconds]) => document.querySelector('hypervision-viewer').currentTime > time + seconds
    await page.waitForFunction(isOn, [began, wantedSeconds])
    return await page.evaluate((time) => {
      const { currentTime, statistics } = document.querySelector('hypervision-viewer')
      return { seconds: currentTime - time, latencyMs: statistics.latencyMs }
    }, began)
  } finally {
    await browser.close()
  }
}
