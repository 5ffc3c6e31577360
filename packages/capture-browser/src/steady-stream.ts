/**
 * One MediaStream whose tracks stay while the sources behind them change: a recorder that loses a track, or gets a new one, begins
 * anew, and viewers see it. Pictures go from a track processor to a track generator where the browser has both, so that they flow
 * in a tab that nobody looks at; elsewhere over a canvas. Sound goes through an audio graph, which gives silence when there is none;
 * where that does not run, the first source's own sound is recorded, and stays.
 */

/**
 * WebM counts milliseconds, and a recorder goes by when a frame was written, whatever its timestamp: no two may come to the same
 * millisecond, as they do when a page has been busy and two frames wait. No camera gives 250 pictures a second.
 */
const leastFrameMs = 4
/** Browsers start an audio graph at once, or not before a click, or (Firefox without a sound device) not in any useful time. */
const soundStartMs = 1000
/** A camera that runs has a picture by then; a canvas that nobody draws on may never have one. */
const pictureStartMs = 1000

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
  /** A track of the first source's that is recorded as it is, and has to go on; null where nothing depends on a source. */
  readonly heldSound: MediaStreamTrack | null
  readonly #picture: PictureOutlet | null
  readonly #sound: SoundOutlet | null

  /**
   * Opens outlets for what the first source has.
   *
   * @param frameRate of the canvas, where one is needed
   */
  static async open(source: MediaStream, frameRate: number): Promise<SteadyStream> {
    const sound = source.getAudioTracks().length > 0 ? await SoundOutlet.open() : null
    const [video] = source.getVideoTracks()
    const picture = video === undefined ? null : await openPicture(video, frameRate)
    return new SteadyStream(source, picture, sound)
  }

  private constructor(source: MediaStream, picture: PictureOutlet | null, sound: SoundOutlet | null) {
    this.#picture = picture
    this.#sound = sound
    this.heldSound = sound === null ? (source.getAudioTracks()[0] ?? null) : null
    const tracks = [picture?.track, sound?.track ?? this.heldSound]
    this.stream = new MediaStream(tracks.filter((track) => track != null))
    this.show(source)
  }

  /**
   * Goes on with another source: its pictures, and its sound where it has any.
   *
   * @returns whether there are tracks for all that it has; a recorder takes no further ones
   */
  show(source: MediaStream): boolean {
    const [video] = source.getVideoTracks()
    const hasSound = source.getAudioTracks().length > 0
    if (video !== undefined) this.#picture?.show(video)
    if (hasSound) this.#sound?.play(source)
    const { stream } = this
    return (
      (video === undefined || stream.getVideoTracks().length > 0) && (!hasSound || stream.getAudioTracks().length > 0)
    )
  }

  close(): void {
    for (const outlet of [this.#picture, this.#sound]) {
      outlet?.close()
      outlet?.track.stop()
    }
  }
}

async function openPicture(first: MediaStreamTrack, frameRate: number): Promise<PictureOutlet> {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = globalThis as InsertableStreams
  if (MediaStreamTrackProcessor === undefined || MediaStreamTrackGenerator === undefined)
    return CanvasOutlet.open(first, frameRate)
  return new FrameOutlet(new MediaStreamTrackGenerator({ kind: 'video' }), MediaStreamTrackProcessor)
}

class FrameOutlet implements PictureOutlet {
  readonly track: MediaStreamTrack
  readonly #Processor: NonNullable<InsertableStreams['MediaStreamTrackProcessor']>
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null
  /** When the last frame was written. */
  #writtenMs = Number.NEGATIVE_INFINITY

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

  /** Each source counts time in its own way; who plays the track knows one clock. */
  async #write(frame: VideoFrame): Promise<void> {
    this.#writtenMs = performance.now()
    const timed = new VideoFrame(frame, { timestamp: Math.round(this.#writtenMs * 1000) })
    frame.close()
    await this.#writer.write(timed)
  }

  async #pass(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    for (;;) {
      const { value: frame, done } = await reader.read()
      if (done) return
      const earlyMs = this.#writtenMs + leastFrameMs - performance.now()
      if (earlyMs > 0) await after(earlyMs, null)
      if (this.#reader === reader) await this.#write(frame)
      else frame.close()
    }
  }
}

/**
 * Draws every source into a picture of one size, that of the first one, with black beside what has another shape: Firefox's recorder
 * fails at times when a picture grows.
 */
class CanvasOutlet implements PictureOutlet {
  readonly track: MediaStreamTrack
  readonly #video: HTMLVideoElement
  readonly #timer: ReturnType<typeof setInterval>

  /** Opens one of the size of a source, where that has a picture soon enough to tell. */
  static async open(first: MediaStreamTrack, frameRate: number): Promise<CanvasOutlet> {
    const video = document.createElement('video')
    video.muted = true
    const known = new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }))
    showOn(video, first)
    await Promise.race([known, after(pictureStartMs, null)])
    return new CanvasOutlet(video, frameRate)
  }

  private constructor(video: HTMLVideoElement, frameRate: number) {
    this.#video = video
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d')
    let isSized = false
    const draw = (): void => {
      const { videoWidth, videoHeight } = video
      if (videoWidth === 0 || context === null) return
      if (!isSized) Object.assign(canvas, { width: videoWidth, height: videoHeight })
      isSized = true
      const scale = Math.min(canvas.width / videoWidth, canvas.height / videoHeight)
      const [width, height] = [videoWidth * scale, videoHeight * scale]
      context.fillRect(0, 0, canvas.width, canvas.height)
      context.drawImage(video, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height)
    }
    draw()
    this.#timer = setInterval(draw, 1000 / frameRate)
    const [track] = canvas.captureStream(frameRate).getVideoTracks()
    if (track === undefined) throw new Error('the browser gave no track of a canvas')
    this.track = track
  }

  show(track: MediaStreamTrack): void {
    showOn(this.#video, track)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#video.srcObject = null
  }
}

function showOn(video: HTMLVideoElement, track: MediaStreamTrack): void {
  video.srcObject = new MediaStream([track])
  void video.play().catch(() => {})
}

class SoundOutlet {
  readonly track: MediaStreamTrack
  readonly #context: AudioContext
  readonly #out: MediaStreamAudioDestinationNode
  #source: MediaStreamAudioSourceNode | null = null

  /** An audio graph that runs; null where the browser does not start it. */
  static async open(): Promise<SoundOutlet | null> {
    const context = new AudioContext()
    const running = context.resume().then(
      () => true,
      () => false,
    )
    if (await Promise.race([running, after(soundStartMs, false)])) return new SoundOutlet(context)
    void context.close().catch(() => {})
    return null
  }

  private constructor(context: AudioContext) {
    this.#context = context
    this.#out = context.createMediaStreamDestination()
    const [track] = this.#out.stream.getAudioTracks()
    if (track === undefined) throw new Error('the browser gave no track of an audio graph')
    this.track = track
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

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value))
}
