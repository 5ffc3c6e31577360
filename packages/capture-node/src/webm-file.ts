/** A WebM file as a live source: its own timestamps pace it, and it can begin again at its end without a seam. */
import { type FileHandle, open } from 'node:fs/promises'
import { type Capture, HypervisionError } from '@hypervision/core/contracts'
import { cutWebm, readCluster } from '@hypervision/core/webm'
import { type Clock, systemClock } from './clock.ts'

/** Options of {@link webmFile}. */
export interface WebmFileOptions {
  /**
   * Begins again at the end, for ever. Timestamps go on rising and no new init segment is given.
   * @default false
   */
  readonly loop?: boolean
  /** Clock to pace by. @default the clock of this machine */
  readonly clock?: Clock
}

const chunkBytes = 64 * 1024
/** A frame is given out when it is due, so the pieces in which the file is cut are short. */
const pieceMs = 40
/** A delay up to this long is made up for. */
const catchUpMs = 1000

/**
 * A capture of a WebM file, without ffmpeg, in real time. The file is read in pieces, never whole.
 *
 * @param path of a WebM file (vp8, vp9 or av1; opus or vorbis)
 * @throws HypervisionError while it is read: ERR_CAPTURE_INPUT when the file cannot be opened, ERR_WEBM_… when it is
 * not WebM
 */
export function webmFile(path: string, options: WebmFileOptions = {}): Capture {
  const { loop = false, clock = systemClock } = options
  return {
    name: 'webm-file',
    open: ({ signal }) => play(path, loop, clock, signal),
  }
}

async function* play(path: string, loop: boolean, clock: Clock, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  /** When the first frame was given out: to open the file may take a while, which is not to be made up for. */
  let startedAt: number | null = null
  let init: Uint8Array | null = null
  /** Where the next pass begins, ms after the first one's first frame. */
  let passMs = 0
  do {
    const end = new PassEnd(passMs)
    for await (const piece of pieces(path, passMs)) {
      if (piece.kind === 'init') {
        // The same tracks go on in the same epoch; only a change of tracks needs a new one.
        if (init === null || Buffer.compare(init, piece.bytes) !== 0) yield piece.bytes
        init = piece.bytes
        continue
      }
      startedAt ??= clock.now() - piece.timestampMs
      await clock.wait(startedAt + piece.timestampMs - clock.now(), signal)
      if (signal.aborted) return
      // After a pause (a sleeping machine, a consumer that held back) the rest comes in real time again, not at once.
      const lateMs = clock.now() - startedAt - piece.timestampMs
      if (lateMs > catchUpMs) startedAt += lateMs
      yield piece.bytes
      if (loop) end.add(piece.bytes)
    }
    passMs = end.timeMs
  } while (loop && !signal.aborted)
}

/** When a pass is over: the last frame of each track lasts as long as the one before it did. */
class PassEnd {
  readonly #startMs: number
  readonly #tracks = new Map<number, { lastMs: number; stepMs: number }>()

  constructor(startMs: number) {
    this.#startMs = startMs
  }

  get timeMs(): number {
    return Math.max(this.#startMs + 1, ...[...this.#tracks.values()].map(({ lastMs, stepMs }) => lastMs + stepMs))
  }

  add(cluster: Uint8Array): void {
    for (const { track, timestampMs } of readCluster(cluster).frames) {
      const before = this.#tracks.get(track)
      const stepMs = before === undefined || timestampMs <= before.lastMs ? pieceMs : timestampMs - before.lastMs
      this.#tracks.set(track, { lastMs: timestampMs, stepMs })
    }
  }
}

/** The file cut into pieces whose timestamps begin at `startMs`; an epoch within the file follows the one before it. */
async function* pieces(path: string, startMs: number) {
  const file = await openFile(path)
  let lastMs = startMs - 1
  try {
    const source = cutWebm(chunksOf(file, path), {
      blockDurationMs: pieceMs,
      startEpoch: ({ firstTimestampMs }) => ({ offsetMs: lastMs + 1 - firstTimestampMs }),
    })
    for await (const piece of source) {
      if (piece.kind === 'cluster') lastMs = Math.max(lastMs, piece.timestampMs + piece.spanMs)
      yield piece
    }
  } finally {
    await file.close()
  }
}

async function* chunksOf(file: FileHandle, path: string): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const { bytesRead, buffer } = await file
      .read({ buffer: Buffer.allocUnsafeSlow(chunkBytes) })
      .catch((cause: unknown) => Promise.reject(inputError(path, cause)))
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw inputError(path, cause)
  }
}

const explanations: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file. Check the path',
  EISDIR: 'it is a folder. Name a .webm file in it',
  EACCES: 'it may not be read. Check its permissions',
}

function inputError(path: string, cause: unknown): HypervisionError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const reason = explanations[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new HypervisionError('ERR_CAPTURE_INPUT', `The file "${path}" cannot be read: ${reason}.`, {
    cause,
    detail: { path },
  })
}
