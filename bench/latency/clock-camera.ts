// The camera of Node: raw pictures with the clock for whoever connects, in real time, as a device gives them to ffmpeg.

import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { cells, drawnCells, picture } from './picture-clock.ts'

/** A camera that runs until it is closed. */
export interface ClockCamera {
  /** Input arguments for ffmpeg: the picture, and a tone. */
  readonly inputArgs: readonly string[]
  close(): void
}

const { width, height, frameRate } = picture
const lumaBytes = width * height
/** More than this waiting is a reader that does not keep up; a device drops pictures then, and so does this one. */
const mostWaitingPictures = 2

/** Begins to give pictures. */
export async function clockCamera(): Promise<ClockCamera> {
  const readers = new Set<Socket>()
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => readers.delete(socket))
    readers.add(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const startedAt = performance.now()
  let count = 0
  let timer: ReturnType<typeof setTimeout>
  const give = (): void => {
    const bytes = drawPicture(Date.now())
    for (const reader of readers) if (reader.writableLength < mostWaitingPictures * bytes.length) reader.write(bytes)
    count = Math.max(count + 1, Math.ceil(((performance.now() - startedAt) * frameRate) / 1000))
    timer = setTimeout(give, startedAt + (count * 1000) / frameRate - performance.now())
  }
  give()
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-video_size',
    `${width}x${height}`,
    '-framerate',
    `${frameRate}`,
  ]
  return {
    // A device gives each picture the time at which it came.
    inputArgs: [
      ...['-use_wallclock_as_timestamps', '1', ...raw, '-i', `tcp://127.0.0.1:${port}`],
      ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
    ],
    close: () => {
      clearTimeout(timer)
      for (const reader of readers) reader.destroy()
      server.close()
    },
  }
}

function drawPicture(nowMs: number): Uint8Array {
  const bytes = new Uint8Array((lumaBytes * 3) / 2)
  for (const [at, isWhite] of drawnCells(nowMs).entries()) {
    const x = (at % cells.columns) * cells.width
    fill(bytes, x, Math.floor(at / cells.columns) * cells.height, cells.width, cells.height, isWhite ? 235 : 16)
  }
  const top = cells.rows * cells.height
  bytes.fill(90, top * width, lumaBytes)
  for (let bar = 0; bar < 6; bar++) {
    const x = Math.floor((nowMs / (5 + bar * 3)) % (width - 60))
    fill(bytes, x, top + 10 + bar * 24, 60, 20, 120 + bar * 20)
  }
  bytes.fill(128, lumaBytes)
  return bytes
}

function fill(bytes: Uint8Array, x: number, y: number, w: number, h: number, luma: number): void {
  for (let row = y; row < y + h; row++) bytes.fill(luma, row * width + x, row * width + x + w)
}
