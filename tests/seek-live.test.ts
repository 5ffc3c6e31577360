// Seeks of a viewer at the live edge.
import { expect, it } from 'vitest'
import { blocksPerKey, goLive, take, watch } from './timed-show.ts'

it('comes to the end of a broadcast that is over when it returns to the live edge, with the last keyframe before', async () => {
  const live = await goLive()
  const { viewer, blocks } = await watch(live, { from: 'start' })
  await take(blocks, 3)
  live.show.end()
  await live.broadcast.ended
  const { blocks: written } = live.broadcast.stats()
  await expect.poll(() => viewer.stats().feedBlocks, { timeout: 20_000 }).toBe(written)
  await viewer.live()
  const [init, ...rest] = await take(blocks, 1 + blocksPerKey)
  expect(init?.kind).toBe('init')
  expect(rest.map(({ index }) => index)).toEqual(rest.map((_, at) => written - 1 - blocksPerKey + at))
  expect([await blocks.next(), viewer.stats().state]).toEqual([{ done: true, value: undefined }, 'ended'])
})
