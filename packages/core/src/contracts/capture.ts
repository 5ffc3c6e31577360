/**
 * What a capture is to core: a named thing that can be opened and then yields the bytes of a live WebM stream.
 *
 * What happens at each limit:
 *
 * - Nothing runs before `open()`: no process, no device, no file handle.
 * - The first bytes are an EBML header. A later EBML header (a recorder restarted, a codec changed) begins a new epoch.
 *   Where chunks are cut means nothing. A chunk belongs to the consumer: its bytes do not change after it was yielded.
 * - Bytes come in real time. A capture that reads something stored paces it by its timestamps.
 * - The consumer pulls. A capture that cannot wait (a device) holds back as far as its source lets it, then drops whole
 *   frames or fails; it never grows a queue without bound.
 * - When `signal` aborts, or the consumer returns early, the iteration ends without an error, soon, even in the middle of
 *   a wait; what the source had already encoded may still be yielded first.
 * - When the iteration is over, however it ended, the capture has released all it held: no process, handle or timer.
 * - A source that fails throws a HypervisionError with an `ERR_CAPTURE_…` code; a source that ends by itself just ends.
 * - It can be opened again after it ended. A second `open()` while one is running throws `ERR_CAPTURE_IN_USE` from its
 *   first `next()`, where the source cannot be shared.
 */
export interface Capture {
  /** Short name for messages and statistics: `ffmpeg`, `webm-file`, `camera`. */
  readonly name: string
  /** Opens the source and yields its bytes until it ends or `signal` aborts. */
  open(options: CaptureOpenOptions): AsyncIterable<Uint8Array>
}

/** What core hands to {@link Capture.open}. */
export interface CaptureOpenOptions {
  /** Aborts when the broadcast closes. */
  readonly signal: AbortSignal
}
