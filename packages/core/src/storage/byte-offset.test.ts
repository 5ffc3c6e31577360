// Where blocks begin, by the tree of a real hypercore in memory.
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'

const never = new AbortController().signal

it('tells for every block of a log of any length how many bytes lie before it, and finds the block of a byte', async () => {
  const { log, close } = await openLog()
  onTestFinished(close)
  const offsets = [0]
  for (let number = 0; number < 70; number++) {
    const size = 1 + ((number * 37) % 50)
    await log.append(new Uint8Array(size))
    offsets.push((offsets.at(-1) ?? 0) + size)
    if (number % 9 > 0) continue
    for (const [block, offset] of offsets.entries()) expect(await log.byteOffset(block)).toBe(offset)
  }
  for (let block = 0; block < 70; block++) {
    expect(await log.blockAt(offsets[block] ?? -1, never)).toBe(block)
    expect(await log.blockAt((offsets[block + 1] ?? 0) - 1, never)).toBe(block)
  }
})

it('knows it of a block that was fetched from somebody else, and of none of its neighbours', async () => {
  const writer = await openLog()
  for (let number = 0; number < 20; number++) await writer.log.append(new Uint8Array(number + 1))
  const reader = await openLog(writer.core.key)
  const link = new SteppedLink(reader.core, writer.core)
  onTestFinished(async () => {
    link.destroy()
    await reader.close()
    await writer.close()
  })
  while (reader.log.remoteLength === 0) await link.exchange()
  const getting = reader.log.get(13, never)
  while (reader.core.length === 0) await link.exchange()
  await link.exchange()
  await getting
  expect(await reader.log.byteOffset(13)).toBe(91)
  await expect(reader.log.byteOffset(7)).rejects.toMatchObject({ code: 'ERR_FEED_STORAGE' })
  const seeking = reader.log.blockAt(40, never)
  await link.exchange()
  expect(await seeking).toBe(8)
})
