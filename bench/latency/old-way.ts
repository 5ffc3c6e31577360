/**
 * hypervision as it was in 2016, on today's hypercore and today's transport: MediaRecorder gives a chunk a second, the chunks are cut
 * into an init segment and whole Clusters, each is a block, and a viewer plays them one after the other from where it joined.
 * What made its delay is kept: the length of the slices, Clusters that are given out when the next one begins, a start several
 * Clusters back, and a playhead that is left alone.
 */
import NoiseSecretStream from '@hyperswarm/secret-stream'
import type { Transport } from '@hypervision/core'
import { createMemoryStorage } from '@hypervision/hypercore-web'
import Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'

/** What the old design leaves open, or what a kind reading of it would do. */
export interface OldWayOptions {
  /** Between keyframes; null leaves it to the browser, as in 2016. */
  readonly keyframeIntervalMs: number | null
  /** A viewer begins so many Clusters before the newest one. */
  readonly clustersBack: number
}

const mimeType = 'video/webm; codecs="vp8,opus"'
const timesliceMs = 1000
/** The middle one of its three qualities, bits per second. */
const [videoBitsPerSecond, audioBitsPerSecond] = [500_000, 64_000]
const clusterId = [0x1f, 0x43, 0xb6, 0x75]

/** Broadcasts; resolves with the key, in hex, once there is something to watch. */
export async function broadcastOldWay(
  stream: MediaStream,
  transport: Transport,
  options: OldWayOptions,
): Promise<string> {
  const core = new Hypercore(createMemoryStorage())
  await core.ready()
  await replicate(core, transport)
  const cut = cutClusters()
  let chain = Promise.resolve()
  const { keyframeIntervalMs } = options
  const settings = {
    mimeType,
    videoBitsPerSecond,
    audioBitsPerSecond,
    ...(keyframeIntervalMs === null ? {} : { videoKeyFrameIntervalDuration: keyframeIntervalMs }),
  }
  const recorder = new MediaRecorder(stream, settings)
  await new Promise<void>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => {
      chain = chain.then(async () => {
        for (const piece of cut(new Uint8Array(await data.arrayBuffer()))) await core.append(piece)
        if (core.length > options.clustersBack + 1) resolve()
      })
      chain.catch(reject)
    }
    recorder.start(timesliceMs)
  })
  return Array.from(core.key, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Plays on a video; it goes on until the page is closed. */
export async function watchOldWay(
  video: HTMLVideoElement,
  key: string,
  transport: Transport,
  { clustersBack }: OldWayOptions,
): Promise<void> {
  const core = new Hypercore(
    createMemoryStorage(),
    Uint8Array.from(key.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  )
  await core.ready()
  await replicate(core, transport)
  const init = await core.get(0)
  const start = Math.max(1, core.length - clustersBack)
  core.download({ start, end: -1, linear: true })
  const source = new MediaSource()
  video.src = URL.createObjectURL(source)
  await new Promise((resolve) => source.addEventListener('sourceopen', resolve, { once: true }))
  const buffer = source.addSourceBuffer(mimeType)
  const append = async (bytes: Uint8Array | null): Promise<void> => {
    if (bytes === null) throw new Error('a block is missing')
    buffer.appendBuffer(bytes as Uint8Array<ArrayBuffer>)
    await new Promise((resolve) => buffer.addEventListener('updateend', resolve, { once: true }))
  }
  await append(init)
  void video.play()
  for (let at = start; ; at++) {
    await append(await core.get(at))
    // Today's Media Source keeps the time of the recording: playback does not find its beginning by itself.
    if (buffer.buffered.length > 0 && video.currentTime < buffer.buffered.start(0)) {
      video.currentTime = buffer.buffered.start(0)
    }
  }
}

/** Stock replication with everybody on the topic. */
async function replicate(core: Hypercore, transport: Transport): Promise<void> {
  const identity = keyPair()
  const session = await transport.open({
    keyPair: identity,
    maxConnections: 64,
    accept: () => true,
    onconnection: ({ stream, initiator }) => {
      const secured = new NoiseSecretStream(initiator, stream, { keyPair: identity })
      secured.on('error', () => {})
      core.replicate(secured)
    },
    onerror: (error) => console.warn(error.message),
  })
  session.join(core.discoveryKey, { announce: true, lookup: true })
}

/** Cuts what it is given before each Cluster; what stands before the first one is the init segment. */
function cutClusters(): (chunk: Uint8Array) => Uint8Array[] {
  let open = new Uint8Array()
  return (chunk) => {
    const bytes = new Uint8Array(open.length + chunk.length)
    bytes.set(open)
    bytes.set(chunk, open.length)
    const pieces: Uint8Array[] = []
    let start = 0
    for (let at = Math.max(1, open.length - clusterId.length); at + clusterId.length <= bytes.length; at++) {
      if (!clusterId.every((byte, offset) => bytes[at + offset] === byte)) continue
      pieces.push(bytes.slice(start, at))
      start = at
    }
    open = bytes.slice(start)
    return pieces
  }
}
