// A page of people: it broadcasts its camera or its screen, watches a channel, and tells which blocks it has.
import '../src/element.ts'
import { camera, type LiveCapture, screenSource } from '@hypervision/capture-browser'
import { type Broadcast, createBroadcast, createViewer } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import type { HypervisionViewerElement } from '../src/element.ts'

declare global {
  var broadcast: Broadcast
  var capture: LiveCapture
  var element: HypervisionViewerElement
  /** Hashes of the blocks that arrived here, by their numbers. */
  var arrived: Record<number, string>
  /** Puts the camera on air, from a storage of the browser; the channel's link. */
  function goLive(tracker: string, storage: string): Promise<string>
  /** Shows the screen in place of the camera. */
  function shareScreen(): Promise<void>
  /** Puts a player of a channel on the page, and takes all of its blocks beside it. */
  function watchChannel(link: string, tracker: string): void
  /** Ends the broadcast; what is stored of the channel: hashes of all blocks, by their numbers, and of all of them joined. */
  function closeAndReadBlocks(storage: string): Promise<{ blocks: Record<number, string>; whole: string }>
  /** Width of the picture over its height: the browser's fake screen is narrower than what it crops its fake camera to. */
  function shape(): number
}

const overWebRtc = (tracker: string) => [webrtc({ trackers: [tracker], iceServers: [] })]

globalThis.goLive = async (tracker, storage) => {
  globalThis.capture = camera({ quality: 'low' })
  globalThis.broadcast = await createBroadcast({ capture, transports: overWebRtc(tracker), storage, title: 'Camera' })
  await new Promise((resolve) => broadcast.addEventListener('live', resolve, { once: true }))
  return broadcast.link
}

globalThis.shareScreen = () => capture.switchTo(screenSource({ sound: false }))

globalThis.watchChannel = (link, tracker) => {
  const element = document.createElement('hypervision-viewer')
  const attributes = { src: link, trackers: tracker, 'ice-servers': '', autoplay: '', muted: '', controls: '' }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  globalThis.element = element
  document.body.append(element)
  globalThis.arrived = {}
  void readBlocks({ link, transports: overWebRtc(tracker), from: 'start' }, arrived)
}

globalThis.closeAndReadBlocks = async (storage) => {
  const { link } = broadcast
  await broadcast.close()
  const blocks: Record<number, string> = {}
  const parts = await readBlocks({ link, storage, from: 'start' }, blocks)
  return { blocks, whole: await hashOf(await new Blob(parts).arrayBuffer()) }
}

globalThis.shape = () => element.nativeEl.videoWidth / element.nativeEl.videoHeight

/** Reads a channel to its end, and notes the hash of each block as it comes. */
async function readBlocks(
  options: Parameters<typeof createViewer>[0],
  hashes: Record<number, string>,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const viewer = await createViewer(options)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const { index, bytes } of viewer.blocks) {
    const part = new Uint8Array(bytes)
    parts.push(part)
    hashes[index] = await hashOf(part.buffer)
  }
  await viewer.close()
  return parts
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
