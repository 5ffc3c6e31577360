// A page that broadcasts a clip and watches it, over a network within the page: hypercore, its cryptography and its storage in a
// real browser.
import { createBroadcast, createViewer, formatLink, HypervisionError, type Viewer } from '@hypervision/core'
import { HypervisionError as SameError } from '@hypervision/core/contracts'
import { memoryNetwork } from '@hypervision/testkit'

declare global {
  /** Hashes of the blocks of a clip that a viewer got, the address of its recording, and what went wrong otherwise. */
  function passOn(
    url: string,
  ): Promise<{ hashes: string[]; title: string | null; recording: string; isOneError: boolean }>
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
  const recording = URL.createObjectURL(await record(viewer))
  await Promise.all([viewer.close(), broadcast.close()])
  return {
    hashes,
    title,
    recording,
    isOneError: HypervisionError === SameError && formatLink(broadcast.key) === broadcast.link,
  }
}

/** Records what a viewer has into a Blob: its first piece is the head, which is put right at the end. */
async function record(viewer: Viewer): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const recording = await viewer.record({
    from: 'start',
    to: 'live',
    open: () => ({
      write(bytes, position) {
        if (position > 0) pieces.push(bytes as Uint8Array<ArrayBuffer>)
        else pieces[0] = bytes as Uint8Array<ArrayBuffer>
      },
      close() {},
    }),
  })
  await recording.finished
  return new Blob(pieces, { type: 'video/webm' })
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
