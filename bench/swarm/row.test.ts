// The harness is right only if it shows what is known: of plain replication, and of what the overlay is there for.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Figures } from './measure/figures.ts'

const run = promisify(execFile)

/** A short run of few nodes: a minute of a busy machine at the most. */
async function measure(name: string, links: number): Promise<Figures> {
  const span = { joinOverMs: 500, settleMs: 1500, measureMs: 2000 }
  const override = { viewers: 8, ...span, sourcePeers: links, viewerPeers: links }
  const script = fileURLToPath(new URL('./row.ts', import.meta.url))
  const args = [
    '--import',
    'tsx',
    '--conditions=hypervision-source',
    script,
    JSON.stringify({ name, quick: true, seed: 1, override }),
  ]
  const { stdout } = await run(process.execPath, args)
  return JSON.parse(stdout)
}

it('shows that the copies which leave the source grow with its links, and that nobody misses a block', async () => {
  const [few, many] = await Promise.all([measure('N=30, plain', 3), measure('N=30, plain', 8)])
  expect(few.sourceCopies).toBeGreaterThan(2)
  expect(few.sourceCopies).toBeLessThanOrEqual(3.2)
  expect(many.sourceCopies).toBeGreaterThan(6)
  expect(many.sourceCopies).toBeLessThanOrEqual(8.2)
  for (const figures of [few, many]) {
    expect(figures).toMatchObject({ lostBlocks: 0, neverPlayed: 0, continuityLeast: 1 })
    // A request and its answer, and the block on the uplink.
    expect(figures.p50Ms).toBeGreaterThan(60)
  }
}, 180_000)

it('shows that the overlay takes two copies from the source, however many links it has', async () => {
  const figures = await measure('N=30, overlay', 8)
  expect(figures.sourceCopies).toBeGreaterThan(1.5)
  expect(figures.sourceCopies).toBeLessThanOrEqual(2.3)
  expect(figures).toMatchObject({ lostBlocks: 0, neverPlayed: 0 })
  expect(figures.depthMax).toBeGreaterThan(1)
}, 180_000)
