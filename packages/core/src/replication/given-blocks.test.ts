import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { GivenBlocks } from './given-blocks.ts'

it('knows that somebody who takes one block after the other lacks the next one, however long ago it took the last', async () => {
  const writer = await openLog()
  for (let number = 0; number < 24; number++) await writer.log.append(Uint8Array.of(number))
  let nowMs = 0
  const given = new GivenBlocks(writer.core, () => nowMs)
  const reader = await openLog(writer.core.key)
  const link = new SteppedLink(reader.core, writer.core)
  onTestFinished(async () => {
    link.destroy()
    await Promise.all([reader, writer].map(({ close }) => close()))
  })
  const take = async (...numbers: number[]) => {
    for (const number of numbers) {
      const block = reader.core.get(number)
      for (let trip = 0; trip < 4; trip++) await link.exchange()
      await block
    }
    return given.isUnderWay
  }
  expect([given.isUnderWay, given.sinceMs]).toEqual([false, Number.POSITIVE_INFINITY])
  // As whoever joins at the live edge does: the init block, and the newest.
  expect(await take(0, 22, 23)).toBe(false)
  expect(await take(1)).toBe(false)
  // In another order than they stand in.
  expect(await take(4, 3)).toBe(true)
  nowMs += 1000
  expect([given.isUnderWay, given.sinceMs, given.bytes]).toEqual([true, 1000, 6])
  expect(await take(2, ...Array.from({ length: 17 }, (_, at) => 5 + at))).toBe(false)
  link.destroy()
  await expect.poll(() => writer.core.peers.length).toBe(0)
  expect(given.isUnderWay).toBe(false)
})
