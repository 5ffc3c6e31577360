// A page that broadcasts a clip and watches it, over a network within the page: hypercore, its cryptography and its storage in a
// real browser.
import { createBroadcast, createViewer, formatLink, HypervisionError } from '@hypervision/core'
import { HypervisionError as SameError } from '@hypervision/core/contracts'
import { memoryNetwork } from '@hypervision/testkit'

declare global {
  /** Hashes of the blocks of a clip that a viewer got, and what went wrong otherwise. */
  function passOn(url: string): Promise<{ hashes: string[]; title: string | null; isOneError: boolean }>
  /** Puts a clip on air from a storage, which it keeps open: the channel's link and length, or how that failed. */
  function broadcastFrom(
    storage: string,
    url: string,
  ): Promise<{ link: string; blocks: number } | { code: string; message: string }>
}

globalThis.passOn = async (url) => {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
  async function* capture() {
    yield bytes
  }
  const network = memoryNetwork()
  const broadcast = await createBroadcast({ capture: capture(), transports: [network.transport()], title: 'In a page' })
  await broadcast.ended
  const viewer = await createViewer({ link: broadcast.link, transports: [network.transport()], from: 'start' })
  const hashes: string[] = []
  let title: string | null = null
  for await (const block of viewer.blocks) {
    if (block.kind === 'init') title = block.title
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', block.bytes as Uint8Array<ArrayBuffer>))
    hashes.push(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
  await Promise.all([viewer.close(), broadcast.close()])
  return { hashes, title, isOneError: HypervisionError === SameError && formatLink(broadcast.key) === broadcast.link }
}

globalThis.broadcastFrom = async (storage, url) => {
  const capture = (async function* () {
    yield new Uint8Array(await (await fetch(url)).arrayBuffer())
  })()
  try {
    const broadcast = await createBroadcast({ capture, storage })
    await broadcast.ended
    return { link: broadcast.link, blocks: broadcast.stats().blocks }
  } catch (error) {
    if (!(error instanceof HypervisionError)) throw error
    return { code: error.code, message: error.message }
  }
}
