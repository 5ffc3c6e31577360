// Every screen and state of the studio, on a desktop and on a phone, light and dark: nothing that axe complains of, nothing
// that does not fit. What has no faults with an error on it has none without. With HYPERVISION_SCREENSHOTS=folder it leaves pictures there.
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import { expect, onTestFinished, test } from 'vitest'
import { faultsOf, startStudio, takePictures } from './studio-browser.ts'

const clip = new URL('../../../packages/cli/assets/clip.webm', import.meta.url).pathname
const unknownLink = 'hypervision:yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhd3u4yu'
/** axe takes a while on a machine that has other things to do. */
const timeout = 180_000
/** Nobody listens there. */
const deadTracker = 'ws://127.0.0.1:9/'

declare global {
  /** All that the page was given of cameras and microphones. */
  var givenTracks: MediaStreamTrack[]
  /** The person has chosen a screen. */
  function giveScreen(): void
}

/** To be run in a page: fills {@link givenTracks}. */
function keepTracks(): void {
  const { mediaDevices } = navigator
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices)
  globalThis.givenTracks = []
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await getUserMedia(wanted)
    givenTracks.push(...stream.getTracks())
    return stream
  }
}

/** To be run in a page: the person takes their time to choose a screen. */
function holdScreen(): void {
  navigator.mediaDevices.getDisplayMedia = () =>
    new Promise((resolve) => {
      globalThis.giveScreen = () => {
        const canvas = document.createElement('canvas')
        canvas.getContext('2d')
        const stream = canvas.captureStream()
        globalThis.givenTracks = stream.getTracks()
        resolve(stream)
      }
    })
}

test('home, settings and the way to nowhere', { timeout }, async () => {
  const { open } = await startStudio()
  const channels = [{ title: 'Demo', link: unknownLink }]
  const { page, errors } = await open('', { site: { onAir: { heading: 'On air on this machine', channels } } })
  await takePictures(page, 'home')
  await page.getByRole('button', { name: 'Watch' }).click()
  await page.getByText('Paste the link that the broadcaster gave you.').waitFor()
  const faults = await faultsOf(page, 'home-error')

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await takePictures(page, 'settings')
  await page.getByLabel('Trackers').fill('http://example.org')
  await page.getByText('“http://example.org” is no tracker').waitFor()
  faults.push(...(await faultsOf(page, 'settings-error')))

  await page.goto(`${page.url().replace(/#.*/, '')}#/nowhere`)
  await page.getByText('There is nothing here').waitFor()
  faults.push(...(await faultsOf(page, 'nowhere')))
  expect(faults).toEqual([])
  expect(errors).toEqual([])
})

test('before a broadcast, during it, and after it', { timeout }, async () => {
  const { open } = await startStudio()
  const { page, errors } = await open('#/live')
  await page.getByText('What do you want to show?').waitFor()
  const faults = await faultsOf(page, 'live-off')
  await page.getByRole('button', { name: 'Camera' }).click()
  const goOnAir = page.getByRole('button', { name: 'Go on air' })
  await goOnAir.waitFor()
  await page.getByLabel('Title').fill('Friday show')
  await takePictures(page, 'live-preview')
  await page.getByText('Description, start and poster').click()
  await page.getByLabel('Description').fill('Live from the kitchen, with guests.')
  await page.getByLabel('Planned start').fill('2099-12-31T20:15')
  await page.getByLabel('Poster').setInputFiles({
    name: 'poster.png',
    mimeType: 'image/png',
    buffer: await page.locator('.stage').screenshot(),
  })
  await page.getByRole('img', { name: 'The poster that is chosen' }).waitFor()
  await page.getByRole('radio', { name: 'Private' }).check()
  faults.push(...(await faultsOf(page, 'live-show')))
  await page.getByRole('button', { name: 'Announce' }).click()
  await page.getByText('Announced', { exact: true }).waitFor()
  await page.getByText('Description, start and poster').click()
  faults.push(...(await faultsOf(page, 'live-announced')))
  await goOnAir.click()
  await page.getByText('ON AIR', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Sound' }).click()
  await takePictures(page, 'live-on-air')
  await page.getByText('QR code').click()
  await page.getByText('Put it on your site').click()
  faults.push(...(await faultsOf(page, 'live-share')))
  await page.evaluate(() => {
    const stream = document.querySelector('video')?.srcObject as MediaStream
    for (const track of stream.getVideoTracks()) {
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
  })
  await page.getByText('The camera has stopped').waitFor()
  faults.push(...(await faultsOf(page, 'live-stopped')))
  await page.getByRole('button', { name: 'Go off air' }).click()
  await page.getByText('You are off air', { exact: true }).waitFor()
  faults.push(...(await faultsOf(page, 'live-ended')))
  expect(faults).toEqual([])
  expect(errors).toEqual([])
})

test('what keeps a broadcast from going on', { timeout }, async () => {
  const { open } = await startStudio()
  const refuse = () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  }
  const denied = await open('#/live', { init: refuse })
  await denied.page.getByRole('button', { name: 'Camera' }).click()
  await denied.page.getByText('Permission was denied').waitFor()
  const faults = await faultsOf(denied.page, 'live-denied')

  const lonely = await open('#/live', { site: { trackers: [deadTracker] }, init: holdScreen })
  await lonely.page.getByRole('button', { name: 'Camera' }).click()
  await lonely.page.getByRole('button', { name: 'Go on air' }).click()
  await lonely.page.getByText('A tracker cannot be reached').waitFor()
  await lonely.page.getByText('ON AIR', { exact: true }).waitFor()
  faults.push(...(await faultsOf(lonely.page, 'live-no-tracker')))
  // Who goes off air before the screen is chosen shares none.
  await lonely.page.getByRole('button', { name: 'Screen' }).click()
  await lonely.page.waitForFunction(() => typeof giveScreen === 'function')
  await lonely.page.getByRole('button', { name: 'Go off air' }).click()
  await lonely.page.getByText('You are off air', { exact: true }).waitFor()
  await lonely.page.evaluate(() => giveScreen())
  await lonely.page.waitForFunction(() => givenTracks.every(({ readyState }) => readyState === 'ended'))

  const none = await open('#/live', { site: { trackers: [] }, init: keepTracks })
  await none.page.getByRole('button', { name: 'Camera' }).click()
  await none.page.getByRole('button', { name: 'Go on air' }).click()
  await none.page.getByText('There is no tracker to find peers by').waitFor()
  faults.push(...(await faultsOf(none.page, 'live-tracker-missing')))
  // It is a preview again, and dark once its person leaves.
  const isOn = () => none.page.evaluate(() => givenTracks.map(({ readyState }) => readyState === 'live'))
  expect(await isOn()).toEqual([true, true])
  await none.page.getByRole('link', { name: 'hypervision' }).click()
  await expect.poll(isOn).toEqual([false, false])

  const withoutWebRtc = await open(`#/watch/${unknownLink}`, {
    init: () => {
      Reflect.deleteProperty(globalThis, 'RTCPeerConnection')
    },
  })
  await withoutWebRtc.page.getByText('This browser has no WebRTC').waitFor()
  faults.push(...(await faultsOf(withoutWebRtc.page, 'watch-no-webrtc')))
  await withoutWebRtc.page.getByRole('link', { name: 'Go live' }).click()
  await withoutWebRtc.page.getByRole('button', { name: 'Camera' }).click()
  await withoutWebRtc.page.getByText('This browser has no WebRTC').waitFor()
  expect(faults).toEqual([])
})

test('watching: looking for it, playing, with a link that is misspelt', { timeout }, async () => {
  const { open, tracker } = await startStudio()
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    transports: [webrtc({ trackers: [tracker.url], iceServers: [] })],
    title: 'Demo',
  })
  onTestFinished(() => broadcast.close())
  const channels = [{ title: 'Demo', link: broadcast.link }]
  const { page, errors } = await open('', { site: { onAir: { heading: 'On air on this machine', channels } } })
  await page.getByRole('link', { name: 'Demo' }).click()
  await page.waitForFunction(() => document.querySelector('hypervision-viewer')?.state === 'playing')
  await page.getByRole('heading', { name: 'Demo' }).waitFor()
  await page.getByText('1 other').waitFor()
  const faults = await faultsOf(page, 'watch-playing')

  await page.goto(`${page.url().replace(/#.*/, '')}#/watch/${unknownLink.slice(12)}`)
  await page.getByText('Looking for somebody who has this broadcast.').waitFor()
  faults.push(...(await faultsOf(page, 'watch-searching')))
  await page.goto(`${page.url().replace(/#.*/, '')}#/watch/abc`)
  await page.getByText('is not a hypervision link').waitFor()
  faults.push(...(await faultsOf(page, 'watch-misspelt')))
  expect(faults).toEqual([])
  expect(errors).toEqual([])
})
