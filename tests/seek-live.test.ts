// Seeks of a viewer at the live edge: to the live edge of what ends meanwhile, one right after another, and those that take long.
import { expect, it } from 'vitest'
import { blocksPerKey, goLive, take, watch } from './timed-show.ts'

it('comes to the end of a broadcast that is over when it returns to the live edge, with the last keyframe before', async () => {
  const live = await goLive()
  const { viewer, blocks } = await watch(live, { from: 'start' })
  await take(blocks, 3)
  live.show.end()
  await live.broadcast.ended
  const { blocks: written } = live.broadcast.stats()
  await expect.poll(() => viewer.stats().feedBlocks).toBe(written)
  await viewer.live()
  const [init, ...rest] = await take(blocks, 1 + blocksPerKey)
  expect(init?.kind).toBe('init')
  expect(rest.map(({ index }) => index)).toEqual(rest.map((_, at) => written - 1 - blocksPerKey + at))
  expect([await blocks.next(), viewer.stats().state]).toEqual([{ done: true, value: undefined }, 'ended'])
})

it('goes to the last of two places that were asked for one right after the other, while nothing comes', async () => {
  const live = await goLive()
  const { viewer, blocks } = await watch(live)
  const [init, first] = await take(blocks, 2)
  expect(init?.kind).toBe('init')
  const next = blocks.next()
  const both = [viewer.seek({ secondsAgo: 1 }), viewer.seek('start')]
  expect(await next).toMatchObject({ value: { kind: 'init', index: 0 } })
  expect(first?.index).toBeGreaterThan(1)
  expect((await take(blocks, 1))[0]?.index).toBe(1)
  await expect(both[0]).rejects.toThrow('moved')
  await both[1]
})

it('says that it stands still while a place is looked for that nobody gives', async () => {
  const live = await goLive()
  const transport = live.network.transport()
  const { viewer, blocks } = await watch(live, { transports: [transport] })
  await take(blocks, 2)
  const stalled = new Promise<void>((resolve) => {
    viewer.addEventListener('state', ({ detail }) => detail.state === 'stalled' && resolve())
  })
  live.network.cut(transport, live.transport)
  const sought = viewer.seek({ secondsAgo: 3 })
  const next = blocks.next()
  await stalled
  live.network.heal()
  expect(await next).toMatchObject({ value: { kind: 'init', index: 0 } })
  await sought
})
