// Looks at the studio as a machine without a browser can: what is served, and whether the broadcaster that it names is reached
// over WebRTC by the tracker that it names.
import { createViewer } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import { canUseWebRtc } from './network-interfaces.mjs'

const wantedBlocks = 30
const deadlineMs = 20_000

/**
 * Looks at the studio of the demo.
 *
 * @param {{ studio: string, link: string }} demo
 * @param {(isSo: boolean, problem: string) => void} expect
 * @returns {Promise<[string, string][]>} what was seen
 */
export async function checkStudio({ studio, link }, expect) {
  const page = await fetch(studio)
  const html = await page.text()
  const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, src]) => new URL(src, studio))
  expect(page.ok && scripts.length > 0, `The studio answers ${page.status} and has ${scripts.length} scripts`)
  const player = new URL('player/dist/script/element.js', studio)
  for (const address of [...scripts, player]) {
    const { ok, status } = await fetch(address, { method: 'HEAD' })
    expect(ok, `${address} answers ${status}`)
  }
  const { trackers, onAir } = await (await fetch(new URL('studio.json', studio))).json()
  const channel = onAir.channels.find((one) => one.link === link)
  expect(channel !== undefined, 'The studio does not name the broadcaster')
  return [
    ['Studio', `${html.length} bytes of page, ${scripts.length} script, on air: ${channel?.title ?? 'nothing'}`],
    ['WebRTC', await watchByWebRtc(link, trackers, expect)],
  ]
}

/** Watches in this process, over nothing but WebRTC. */
async function watchByWebRtc(link, trackers, expect) {
  if (!canUseWebRtc()) return 'not looked at: this machine has no network interface but loopback'
  const began = performance.now()
  const signal = AbortSignal.timeout(deadlineMs)
  try {
    const viewer = await createViewer({ link, transports: [webrtc({ trackers, iceServers: [] })], signal })
    let blocks = 0
    let firstMs = 0
    for await (const _block of viewer.blocks) {
      if (++blocks === 1) firstMs = performance.now() - began
      if (blocks === wantedBlocks) break
    }
    const { peersByTransport, latencyMs } = viewer.stats()
    await viewer.close()
    expect(blocks === wantedBlocks, `Only ${blocks} blocks came over WebRTC`)
    const behind = latencyMs === null ? '' : `, ${Math.round(latencyMs)} ms behind`
    return `${blocks} blocks, the first after ${Math.round(firstMs)} ms${behind}, from ${peersByTransport.webrtc} peer`
  } catch (error) {
    expect(false, `Nothing comes over WebRTC: ${error.message}`)
    return 'failed'
  }
}
