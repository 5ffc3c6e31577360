// How many blocks are read to find the keyframes of a file, however long it is and whatever is missing.
import { expect, it } from 'vitest'
import { cluster, simpleBlock } from '../../test/webm/webm-builder.ts'
import type { FeedBlock } from '../feed/feed-block.ts'
import { type FilePlan, keyframesOf } from './file-plan.ts'

/** A channel with a keyframe each so many blocks. */
function channel(blocksPerKey: number) {
  return (number: number): FeedBlock => {
    const keyDistance = number % blocksPerKey
    const key = keyDistance === 0
    const timestampMs = number * 100
    const bytes = cluster(timestampMs, simpleBlock({ key, payload: [1] }))
    const index = { init: false, end: false, key, initDistance: number + 1, keyDistance }
    return { kind: 'cluster', number, bytes, index, timestampMs, spanMs: 100 } as FeedBlock
  }
}

/** Reads a file of so many blocks: the keyframes that are found, and how many blocks were looked at. */
async function found(blocks: number, look: (number: number) => FeedBlock | null) {
  let reads = 0
  const keyframes: number[] = []
  const counted = async (number: number): Promise<FeedBlock | null> => {
    reads++
    return look(number)
  }
  const plan = { first: 0, last: blocks - 1, cueTrack: 1 } as FilePlan
  for await (const { block } of keyframesOf(counted, plan)) keyframes.push(block.number)
  return { reads, keyframes }
}

it('reads 4096 blocks of a file at the most, and all of its keyframes where it has no more blocks than that', async () => {
  expect(await found(4096, channel(1))).toMatchObject({ reads: 4096, keyframes: { length: 4096 } })
  expect(await found(4096, channel(2))).toMatchObject({ reads: 4096, keyframes: { length: 2048 } })
  for (const blocks of [4097, 6144, 50_000]) {
    for (const blocksPerKey of [2, 10]) {
      const { reads, keyframes } = await found(blocks, channel(blocksPerKey))
      expect(reads).toBeLessThanOrEqual(4096)
      // A place to seek to each hundred blocks at the least, wherever there are so many keyframes.
      expect(keyframes.length).toBeGreaterThan(Math.min(blocks / blocksPerKey, 1000) / 3)
    }
  }
})

it('reads no more where blocks are missing, and finds the keyframes before them', async () => {
  const whole = channel(10)
  const holed = (number: number): FeedBlock | null => (number >= 1000 && number < 49_000 ? null : whole(number))
  const { reads, keyframes } = await found(50_000, holed)
  expect(reads).toBeLessThanOrEqual(4096)
  expect(keyframes.filter((number) => number < 1000).length).toBeGreaterThan(20)
  // The keyframe of the blocks behind it is gone.
  const { keyframes: others } = await found(40, (number) => (number === 20 ? null : whole(number)))
  expect(others).toEqual([30, 10, 0])
})
