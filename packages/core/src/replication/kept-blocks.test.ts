// What peers know of blocks that were deleted, over real replication.
import b4a from 'b4a'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { KeptBlocks } from './kept-blocks.ts'

/** A writer of 1000 blocks, of which it keeps the first one and the last hundred or so; and a reader, not connected. */
async function opened() {
  const writer = await openLog()
  await writer.core.append(Array.from({ length: 1000 }, (_, number) => b4a.from([number & 255])))
  const reader = await openLog(writer.core.key)
  const isOpen = { value: true }
  const [telling, hearing] = [writer, reader].map(
    ({ core }) => new KeptBlocks(core, { isOpen: () => isOpen.value, isSource: () => true }),
  )
  if (telling === undefined || hearing === undefined) throw new Error('nothing was made')
  reader.log.deletions = hearing
  let link: SteppedLink | null = null
  onTestFinished(async () => {
    link?.destroy()
    await reader.close()
    await writer.close()
  })
  const connect = async (): Promise<SteppedLink> => {
    link = new SteppedLink(reader.core, writer.core)
    while (reader.log.remoteLength === 0) await link.exchange()
    return link
  }
  return { writer, reader, telling, isOpen, connect }
}

function known({ log }: Awaited<ReturnType<typeof openLog>>) {
  return { from0: log.availableFrom(0), from1: log.availableFrom(1), newest: log.newestAvailable() }
}

it('tells a new peer what is kept behind what is deleted', async () => {
  const { writer, reader, connect } = await opened()
  await writer.core.clear(1, 900)
  await connect()
  expect(known(reader)).toEqual({ from0: 0, from1: 900, newest: 999 })
  expect([899, 900].map((number) => reader.log.isDeleted(number))).toEqual([true, false])
})

it('tells a peer that is there already what is deleted, and that the rest is not', async () => {
  const { writer, reader, telling, connect } = await opened()
  const link = await connect()
  expect(known(reader)).toEqual({ from0: 0, from1: 1, newest: 999 })
  for (const end of [500, 900]) {
    await writer.core.clear(1, end)
    telling.tell()
  }
  await link.exchange()
  expect(known(reader)).toEqual({ from0: 0, from1: 900, newest: 999 })
  expect(reader.log.isDeleted(899)).toBe(true)
  const block = reader.core.get(950)
  await link.exchange()
  expect(await block).toEqual(b4a.from([950 & 255]))
})

it('says nothing while nothing may be known', async () => {
  const { writer, reader, telling, isOpen, connect } = await opened()
  await writer.core.clear(0, 900)
  isOpen.value = false
  const link = await connect()
  expect(known(reader).from0).toBe(-1)
  isOpen.value = true
  telling.tell()
  await link.exchange()
  expect(known(reader).from0).toBe(900)
})

it.each([
  [64, 1],
  [65, 3],
])(
  'tells a new peer of the newest 64 stretches: of %i the oldest one that it knows begins at %i',
  async (stretches, oldest) => {
    const { writer, reader, connect } = await opened()
    // One, three, five … as stretches of a single block, and the rest as one.
    for (let hole = 0; hole < 2 * stretches; hole += 2) await writer.core.clear(hole)
    await connect()
    expect(known(reader)).toMatchObject({ from0: oldest, newest: 999 })
  },
)
