// Clusters as a hostile broadcaster may sign them, on their way into a browser that gets one open Cluster: every frame keeps its time.
import { readCluster } from '@hypervision/core/webm'
import { demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { OpenCluster } from '../../src/pump/open-cluster.ts'

/** Id, size and Timestamp of an open Cluster. */
const headLength = 22

export const target: FuzzTarget = {
  name: 'joined-clusters',
  words: [
    [0x1f, 0x43, 0xb6, 0x75],
    [0xe7, 0x82, 0x7f, 0xff],
    [0xa3, 0x84, 0x81, 0x80, 0x00, 0x80],
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const open = new OpenCluster()
  let openMs = 0
  for (let at = 0, count = 0; at < input.byteLength && count < 8; count++) {
    const contents = clusterAt(input, at)
    if (contents === null) return
    at = contents.byteOffset + contents.byteLength
    const piece = open.write(contents, ((input[at - 1] ?? 0) & 3) === 0)
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength)
    const isNew = piece[0] === 0x1f
    demand(isNew || count > 0, 'frames stand before a Cluster')
    if (isNew) openMs = Number(view.getBigUint64(headLength - 8))
    let frameAt = isNew ? headLength : 0
    for (const { element, timestampAt, timestampMs } of contents.frames) {
      // Beyond that, which is in 285 000 years, times cannot be told apart.
      const isExact = Number.isSafeInteger(timestampMs)
      demand(!isExact || openMs + view.getInt16(frameAt + timestampAt) === timestampMs, 'a frame has another time')
      frameAt += element.byteLength
    }
    demand(frameAt === piece.byteLength, 'more is written than there are frames')
  }
}

/** What the pump does not get: the reader of the feed has refused it. */
function clusterAt(input: Uint8Array, at: number): ReturnType<typeof readCluster> | null {
  try {
    return readCluster(input, at)
  } catch {
    return null
  }
}
