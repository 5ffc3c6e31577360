// The broadcaster in Node, a process of its own so that what it costs can be told: the camera's pictures through ffmpeg.
import { ffmpeg } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import { picture } from './picture-clock.ts'

/** What the process is told when it starts. */
export interface BroadcasterOrder {
  readonly tracker: string
  readonly inputArgs: readonly string[]
}

process.once('message', async ({ tracker, inputArgs }: BroadcasterOrder) => {
  const broadcast = await createBroadcast({
    capture: ffmpeg({
      input: { args: inputArgs },
      frameRate: picture.frameRate,
      videoBitrate: 452_000,
      audioBitrate: 48_000,
    }),
    transports: [webrtc({ trackers: [tracker], iceServers: [] })],
  })
  process.once('disconnect', () => broadcast.close().then(() => process.exit()))
  await new Promise((resolve) => broadcast.addEventListener('live', resolve, { once: true }))
  process.send?.(broadcast.link)
})
