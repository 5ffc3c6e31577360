// A viewer that takes every block from the beginning, and misses none.
import { createViewer, type Transport } from '@hypervision/core'
import { expect, onTestFinished } from 'vitest'

const patience = { timeout: 60_000 }

/** Says how long something took since a moment; where HYPERVISION_OUTAGES asks for figures. */
export async function timed(what: string, since: number, done: Promise<void>): Promise<void> {
  await done
  if (process.env.HYPERVISION_OUTAGES !== undefined) console.log(`${what}: ${Math.round(performance.now() - since)} ms`)
}

/** Opens it; it ends with the test. */
export async function takeAll(link: string, transport: Transport) {
  const viewer = await createViewer({ link, transports: [transport], from: 'start' })
  onTestFinished(() => viewer.close())
  const indexes: number[] = []
  const reading = (async () => {
    for await (const { index } of viewer.blocks) indexes.push(index)
  })()
  reading.catch(() => {})
  return {
    /** Waits for so many more blocks, and has missed none. */
    async goesOn(count = 20): Promise<void> {
      const wanted = indexes.length + count
      await expect.poll(() => indexes.length, patience).toBeGreaterThanOrEqual(wanted)
      expect(indexes).toEqual(indexes.map((_, at) => at))
    },
    /** Waits until whoever was there is taken for dead. */
    isAlone: () => expect.poll(() => viewer.stats().peers.length, patience).toBe(0),
  }
}
