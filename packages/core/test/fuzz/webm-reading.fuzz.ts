// WebM that is wholly in memory, as readers of a feed have it. What they throw is wrapped further up, so it is looked at here.
import { isDeepStrictEqual } from 'node:util'
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { readCluster, readInitSegment, readVint, readVoid, unknownSize, writeVint } from '../../src/webm/index.ts'
import { withCode } from './refusals.ts'

const isRefusal = withCode(/^ERR_WEBM_(MALFORMED|NOT_WEBM|CODEC|TIMESTAMP_SCALE)$/)

export const target: FuzzTarget = {
  name: 'webm-reading',
  words: [
    [0x1f, 0x43, 0xb6, 0x75],
    [0x1a, 0x45, 0xdf, 0xa3],
    [0x18, 0x53, 0x80, 0x67],
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const vint = readVint(input)
  if (typeof vint === 'object') {
    demand(vint.value === unknownSize || vint.value >= 0, `a size is ${vint.value}`)
    demand(isDeepStrictEqual(readVint(writeVint(vint.value, vint.length)), vint), 'a size is written differently')
  }
  attempt(isRefusal, () => readVoid(input))
  const init = attempt(isRefusal, () => readInitSegment(input))
  if (init !== undefined) {
    demand(init.byteLength <= input.byteLength && init.tracks.length > 0, 'an init segment is longer than its bytes')
    demand(/^(video|audio)\/webm; codecs="[A-Za-z0-9.,]+"$/.test(init.mimeType), `the type is ${init.mimeType}`)
  }
  const cluster = attempt(isRefusal, () => readCluster(input))
  for (const { element, payload, timestampAt, track } of cluster?.frames ?? []) {
    demand(payload.byteLength + timestampAt + 3 <= element.byteLength, 'a frame is larger than its element')
    demand(Number.isInteger(track), `a track is ${track}`)
  }
}
