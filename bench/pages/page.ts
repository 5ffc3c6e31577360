// A page of the bench: a viewer without a picture, which tells when it had each block.
import { createViewer, type Viewer } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import type { Arrival } from '../peers/phase.ts'

/** What a page of the bench can do, in reach of the bench. */
export interface WatchingPage {
  /** Begins to watch; how long it took to the first block that can be played, ms. */
  watch(link: string, tracker: string): Promise<number>
  figures(): { readonly arrivals: readonly Arrival[]; readonly stats: ReturnType<Viewer['stats']> }
}

declare global {
  var watchingPage: WatchingPage
}

const arrivals: Arrival[] = []
let viewer: Viewer | null = null

globalThis.watchingPage = {
  async watch(link, tracker) {
    const startedAt = performance.now()
    viewer = await createViewer({ link, transports: [webrtc({ trackers: [tracker], iceServers: [] })] })
    const blocks = viewer.blocks
    return new Promise((resolve, reject) => {
      const read = async (): Promise<void> => {
        for await (const { kind, index } of blocks) {
          if (kind !== 'cluster') continue
          if (arrivals.length === 0) resolve(performance.now() - startedAt)
          arrivals.push([index, performance.timeOrigin + performance.now()])
        }
      }
      read().catch(reject)
    })
  },

  figures() {
    if (viewer === null) throw new Error('nothing is being watched')
    return { arrivals, stats: viewer.stats() }
  },
}
