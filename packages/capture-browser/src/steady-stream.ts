/**
 * One MediaStream whose tracks stay while the sources behind them change: a recorder that loses a track, or gets a new one, begins
 * anew, and viewers see it. Pictures go from a track processor to a track generator where the browser has both, so that they flow
 * in a tab that nobody looks at; elsewhere over a canvas. Sound goes through an audio graph, which gives silence when there is none.
 */

/** WebM counts milliseconds. */
const leastFrameMicroseconds = 1000

/** A browser that has both can pass frames on without drawing them. */
interface InsertableStreams {
  MediaStreamTrackProcessor?: new (options: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> }
  MediaStreamTrackGenerator?: new (options: {
    kind: 'video'
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> }
}

/** The outlet for pictures. */
interface PictureOutlet {
  readonly track: MediaStreamTrack
  /** Shows another source from now on. */
  show(track: MediaStreamTrack): void
  close(): void
}

/** The stream, and what is behind it. */
export class SteadyStream {
  readonly stream: MediaStream
  readonly #picture: PictureOutlet | null
  readonly #sound: SoundOutlet | null

  /** @param frameRate of the canvas, where one is needed */
  constructor(source: MediaStream, frameRate: number) {
    this.#picture = source.getVideoTracks().length > 0 ? openPicture(frameRate) : null
    this.#sound = source.getAudioTracks().length > 0 ? new SoundOutlet() : null
    const tracks = [this.#picture?.track, this.#sound?.track].filter((track) => track !== undefined)
    this.stream = new MediaStream(tracks)
    this.show(source)
  }

  /** Goes on with another source: its pictures, and its sound where it has any. */
  show(source: MediaStream): void {
    const [video] = source.getVideoTracks()
    if (video !== undefined) this.#picture?.show(video)
    if (source.getAudioTracks().length > 0) this.#sound?.play(source)
  }

  close(): void {
    this.#picture?.close()
    this.#sound?.close()
    for (const track of this.stream.getTracks()) track.stop()
  }
}

function openPicture(frameRate: number): PictureOutlet {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = globalThis as InsertableStreams
  if (MediaStreamTrackProcessor === undefined || MediaStreamTrackGenerator === undefined)
    return new CanvasOutlet(frameRate)
  return new FrameOutlet(new MediaStreamTrackGenerator({ kind: 'video' }), MediaStreamTrackProcessor)
}

class FrameOutlet implements PictureOutlet {
  readonly track: MediaStreamTrack
  readonly #Processor: NonNullable<InsertableStreams['MediaStreamTrackProcessor']>
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null
  /** Of the last frame, microseconds. */
  #timestamp = 0

  constructor(
    generator: MediaStreamTrack & { writable: WritableStream<VideoFrame> },
    Processor: NonNullable<InsertableStreams['MediaStreamTrackProcessor']>,
  ) {
    this.track = generator
    this.#Processor = Processor
    this.#writer = generator.writable.getWriter()
  }

  show(track: MediaStreamTrack): void {
    void this.#reader?.cancel().catch(() => {})
    const reader = new this.#Processor({ track }).readable.getReader()
    this.#reader = reader
    void this.#pass(reader).catch(() => {})
  }

  close(): void {
    void this.#reader?.cancel().catch(() => {})
    this.#reader = null
    void this.#writer.close().catch(() => {})
  }

  /** Each source counts time in its own way; a recorder knows one clock, in which no two frames are at once. */
  #nextTimestamp(): number {
    this.#timestamp = Math.max(Math.round(performance.now() * 1000), this.#timestamp + leastFrameMicroseconds)
    return this.#timestamp
  }

  async #pass(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    for (;;) {
      const { value: frame, done } = await reader.read()
      if (done) return
      const timed = new VideoFrame(frame, { timestamp: this.#nextTimestamp() })
      frame.close()
      if (this.#reader === reader) await this.#writer.write(timed)
      else timed.close()
    }
  }
}

class CanvasOutlet implements PictureOutlet {
  readonly track: MediaStreamTrack
  readonly #video = document.createElement('video')
  readonly #timer: ReturnType<typeof setInterval>

  constructor(frameRate: number) {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d')
    this.#video.muted = true
    this.#timer = setInterval(() => {
      const { videoWidth, videoHeight } = this.#video
      if (videoWidth === 0) return
      if (canvas.width !== videoWidth || canvas.height !== videoHeight) {
        canvas.width = videoWidth
        canvas.height = videoHeight
      }
      context?.drawImage(this.#video, 0, 0)
    }, 1000 / frameRate)
    const [track] = canvas.captureStream(frameRate).getVideoTracks()
    if (track === undefined) throw new Error('the browser gave no track of a canvas')
    this.track = track
  }

  show(track: MediaStreamTrack): void {
    this.#video.srcObject = new MediaStream([track])
    void this.#video.play().catch(() => {})
  }

  close(): void {
    clearInterval(this.#timer)
    this.#video.srcObject = null
  }
}

class SoundOutlet {
  readonly track: MediaStreamTrack
  readonly #context = new AudioContext()
  readonly #out = this.#context.createMediaStreamDestination()
  #source: MediaStreamAudioSourceNode | null = null

  constructor() {
    const [track] = this.#out.stream.getAudioTracks()
    if (track === undefined) throw new Error('the browser gave no track of an audio graph')
    this.track = track
    void this.#context.resume().catch(() => {})
  }

  play(source: MediaStream): void {
    this.#source?.disconnect()
    this.#source = this.#context.createMediaStreamSource(source)
    this.#source.connect(this.#out)
  }

  close(): void {
    this.#source?.disconnect()
    void this.#context.close().catch(() => {})
  }
}
