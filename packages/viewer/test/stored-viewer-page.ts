// A page that keeps what it watches in a database of the browser.
import { createViewer } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'

declare global {
  /** Watches a channel from its beginning, and logs the number and the hash of each block once it has it. */
  function keep(link: string, tracker: string): Promise<void>
}

globalThis.keep = async (link, tracker) => {
  const transports = [webrtc({ trackers: [tracker], iceServers: [] })]
  const viewer = await createViewer({ link, transports, storage: 'kept', from: 'start' })
  for await (const { index, bytes } of viewer.blocks) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
    console.log(`block ${index} ${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`)
  }
}
