/**
 * The browser's MediaRecorder as bytes that are pulled. Its chunks cut elements anywhere, which means nothing; short slices and a
 * keyframe each second are what make them live.
 */
import { HypervisionError } from '@hypervision/core/contracts'

/** How to record. */
export interface RecorderOptions {
  readonly videoBitsPerSecond: number
  readonly audioBitsPerSecond: number
  /** Left out: the first that the browser can record, of VP8, VP9 and AV1. */
  readonly videoCodec?: VideoCodec | undefined
}

/** Codecs that WebM has and browsers record. */
export type VideoCodec = 'vp8' | 'vp9' | 'av1'

const codecs: readonly VideoCodec[] = ['vp8', 'vp9', 'av1']
/** Shorter than a frame: each is handed on as soon as it is encoded. */
const timesliceMs = 20
/** Who joins begins at a keyframe, so this is how old their first picture may be. */
const keyframeIntervalMs = 1000
/** What waits for a consumer that does not come: after that it never will. */
const mostWaitingBytes = 16 * 1024 * 1024
const mostWaitingChunks = 3000

/**
 * Records a stream until it ends or `signal` aborts.
 *
 * @throws HypervisionError ERR_CAPTURE_CODEC when the browser cannot record the codec, ERR_CAPTURE_FAILED when it fails in
 * mid-stream or nobody takes what it gives
 */
export async function* record(
  stream: MediaStream,
  options: RecorderOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (signal.aborted) return
  const recorder = makeRecorder(stream, options)
  const chunks: Blob[] = []
  let waitingBytes = 0
  let failure: HypervisionError | null = null
  let isOver = false
  let wake = (): void => {}
  const end = (error: HypervisionError | null): void => {
    failure ??= error
    isOver = true
    wake()
  }
  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop()
  }
  recorder.ondataavailable = ({ data }) => {
    if (data.size === 0) return
    chunks.push(data)
    waitingBytes += data.size
    if (waitingBytes > mostWaitingBytes || chunks.length > mostWaitingChunks) {
      end(failed(`${waitingBytes} bytes wait and nobody takes them`))
      stop()
    }
    wake()
  }
  recorder.onerror = (event) =>
    end(failed('error' in event && event.error instanceof Error ? event.error.message : 'no reason given'))
  recorder.onstop = () => end(null)
  signal.addEventListener('abort', stop)
  try {
    recorder.start(timesliceMs)
    for (;;) {
      const chunk = chunks.shift()
      if (chunk !== undefined) {
        waitingBytes -= chunk.size
        yield new Uint8Array(await chunk.arrayBuffer())
      } else if (isOver) break
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    if (failure !== null) throw failure
  } finally {
    signal.removeEventListener('abort', stop)
    recorder.onstop = null
    stop()
  }
}

function makeRecorder(stream: MediaStream, options: RecorderOptions): MediaRecorder {
  const mimeType = mimeTypeOf(stream, options.videoCodec)
  const { videoBitsPerSecond, audioBitsPerSecond } = options
  const settings = {
    mimeType,
    videoBitsPerSecond,
    audioBitsPerSecond,
    videoKeyFrameIntervalDuration: keyframeIntervalMs,
  }
  try {
    return new MediaRecorder(stream, settings)
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error), error)
  }
}

/** What to ask a recorder for. */
function mimeTypeOf(stream: MediaStream, wanted: VideoCodec | undefined): string {
  const hasVideo = stream.getVideoTracks().length > 0
  const hasAudio = stream.getAudioTracks().length > 0
  const candidates = hasVideo ? (wanted === undefined ? codecs : [wanted]) : [null]
  const types = candidates.map((video) => {
    const named = [video, hasAudio ? 'opus' : null].filter((codec) => codec !== null)
    return `${hasVideo ? 'video' : 'audio'}/webm; codecs=${named.join(',')}`
  })
  const found = types.find((type) => MediaRecorder.isTypeSupported(type))
  if (found !== undefined) return found
  throw new HypervisionError(
    'ERR_CAPTURE_CODEC',
    `This browser cannot record ${types.join(' or ')}. Choose another codec, or use Chrome, Edge or Firefox.`,
    { detail: { mimeTypes: types } },
  )
}

function failed(reason: string, cause?: unknown): HypervisionError {
  return new HypervisionError(
    'ERR_CAPTURE_FAILED',
    `The browser's recorder stopped: ${reason}. Start the broadcast again.`,
    {
      cause,
    },
  )
}
