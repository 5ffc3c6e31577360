/** The broadcaster's poster: the picture until the first one of the video, where the page has none of its own. */
import type { ChannelMetadata } from '@hypervision/core'

/** What one video shows of it; the address under which the browser keeps the picture is given back. */
export class Poster {
  #url: string | null = null

  /** @param isOfPage whether the page has set one of its own, which goes before */
  show(video: HTMLVideoElement, poster: ChannelMetadata['poster'], isOfPage: boolean): void {
    if (this.#url !== null) URL.revokeObjectURL(this.#url)
    this.#url = null
    if (isOfPage) return
    if (poster !== null)
      this.#url = URL.createObjectURL(new Blob([Uint8Array.from(poster.bytes)], { type: poster.type }))
    if (this.#url === null) video.removeAttribute('poster')
    else video.poster = this.#url
  }
}
