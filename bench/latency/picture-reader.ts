// The eye of the bench: takes every picture that a video shows, and reads from it when it was drawn.
import { cells, picture, readCells } from './picture-clock.ts'

/** Between two pictures, more than this is a stall that a person sees. */
const stallMs = 250
/** The picture is read at an eighth of its size: a cell is ten pixels wide there. */
const scale = 8

/** What was seen in a stretch of time. */
export interface Seen {
  /** Drawn → shown, one for each picture, ms. */
  readonly latenciesMs: readonly number[]
  readonly stalls: number
  /** Without a new picture, in all stalls together, ms. */
  readonly stalledMs: number
  /** Pictures whose cells could not be read. */
  readonly unreadable: number
}

/** Watches a video from now on. */
export class PictureReader {
  readonly #video: HTMLVideoElement
  readonly #context: OffscreenCanvasRenderingContext2D
  /** Resolves with the time of the first picture, by `performance.now()`. */
  readonly first: Promise<number>
  #onfirst: (atMs: number) => void = () => {}
  #latenciesMs: number[] = []
  #stalls = 0
  #stalledMs = 0
  #unreadable = 0
  #lastMs: number | null = null

  constructor(video: HTMLVideoElement) {
    this.#video = video
    this.first = new Promise((resolve) => {
      this.#onfirst = resolve
    })
    const canvas = new OffscreenCanvas(picture.width / scale, picture.height / scale)
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (context === null) throw new Error('the browser gave no canvas')
    this.#context = context
    this.#next()
  }

  /** Forgets what was seen so far. */
  restart(): void {
    this.#latenciesMs = []
    this.#stalls = 0
    this.#stalledMs = 0
    this.#unreadable = 0
    this.#lastMs = performance.now()
  }

  /** What was seen since {@link restart}. */
  seen(): Seen {
    this.#gap(performance.now())
    return {
      latenciesMs: this.#latenciesMs,
      stalls: this.#stalls,
      stalledMs: this.#stalledMs,
      unreadable: this.#unreadable,
    }
  }

  #next(): void {
    this.#video.requestVideoFrameCallback((nowMs, { expectedDisplayTime }) => {
      // For some sources browsers name a time that is over.
      this.#look(Math.max(nowMs, expectedDisplayTime))
      this.#next()
    })
  }

  /** @param shownMs when the picture is on the screen, by `performance.now()` */
  #look(shownMs: number): void {
    this.#onfirst(shownMs)
    this.#gap(shownMs)
    this.#lastMs = shownMs
    const nowMs = Date.now()
    const drawnMs = readCells(this.#brightness(), nowMs)
    if (drawnMs === null) this.#unreadable++
    else this.#latenciesMs.push(nowMs + shownMs - performance.now() - drawnMs)
  }

  #gap(atMs: number): void {
    const gapMs = this.#lastMs === null ? 0 : atMs - this.#lastMs
    if (gapMs < stallMs) return
    this.#stalls++
    this.#stalledMs += gapMs
  }

  /** Of the middle of each cell. */
  #brightness(): number[] {
    const { width, height } = this.#context.canvas
    this.#context.drawImage(this.#video, 0, 0, width, height)
    const { data } = this.#context.getImageData(0, 0, width, height)
    return Array.from({ length: cells.columns * cells.rows }, (_, at) => {
      const x = Math.floor((((at % cells.columns) + 0.5) * cells.width) / scale)
      const y = Math.floor(((Math.floor(at / cells.columns) + 0.5) * cells.height) / scale)
      return data[(y * width + x) * 4 + 1] ?? 0
    })
  }
}
