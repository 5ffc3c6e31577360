// Processes that stop for a while, as those of a laptop do that sleeps: they go on by themselves, and nothing is lost. docs/faults.md has all faults.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createViewer, type ViewerBlock } from '@hypervision/core'
import { dht } from '@hypervision/transport-dht'
import { expect, onTestFinished, test } from 'vitest'
import { broadcastClip, startCli } from './cli-process.ts'
import { useCliTestbed } from './cli-testbed.ts'

const { folder, onDht } = useCliTestbed('faults')

test('a broadcaster, a viewer and a relay that are stopped for a while go on by themselves, and no block is lost', async () => {
  const { broadcast, link } = await broadcastClip(onDht)
  const viewer = await createViewer({ link, transports: [dht({ bootstrap: onDht.slice(1) })], from: 'start' })
  onTestFinished(() => viewer.close())
  const blocks: ViewerBlock[] = []
  const reading = (async () => {
    for await (const block of viewer.blocks) blocks.push(block)
  })()
  reading.catch(() => {})
  const more = async (count: number): Promise<void> => {
    const target = blocks.length + count
    await expect.poll(() => blocks.length).toBeGreaterThanOrEqual(target)
  }
  const out = join(folder, 'stopped.webm')
  const other = startCli(['watch', link, '--out', out, ...onDht, '--json'])
  const relay = startCli(['relay', link, ...onDht, '--json'])
  await other.event('live')
  await relay.event('stats', ({ peers }) => Array.isArray(peers) && peers.length > 1)
  await more(10)

  const stalled = new Promise<void>((resolve) => {
    viewer.addEventListener('state', ({ detail }) => detail.state === 'stalled' && resolve())
  })
  broadcast.child.kill('SIGSTOP')
  await stalled
  broadcast.child.kill('SIGCONT')
  await more(20)
  expect(viewer.stats().state).toBe('playing')

  // Five seconds: whom the relay served goes on by others.
  for (const { child } of [other, relay]) child.kill('SIGSTOP')
  await more(50)
  for (const { child } of [other, relay]) child.kill('SIGCONT')
  const newest = blocks.at(-1)?.index ?? 0
  await relay.event(
    'stats',
    ({ feedBlocks, bitsPerSecond }) => Number(feedBlocks) > newest && Number(bitsPerSecond) > 0,
  )
  await other.event('stats', ({ position }) => Number(position) > newest)
  other.child.kill('SIGINT')
  await other.ended

  expect(blocks.map(({ index }) => index)).toEqual(blocks.map((_, at) => at))
  const all = Buffer.concat(blocks.map(({ bytes }) => bytes))
  const init = blocks[0]?.bytes.byteLength ?? 0
  const written = readFileSync(out).subarray(init)
  await expect.poll(() => Buffer.concat(blocks.map(({ bytes }) => bytes)).includes(written)).toBe(true)
  expect(written.byteLength).toBeGreaterThan(all.byteLength / 4)
})
