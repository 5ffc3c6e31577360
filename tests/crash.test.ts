// A broadcaster that is killed again and again, as a process, while viewers watch: nothing that they had may be lost.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createViewer, type ViewerBlock } from '@hypervision/core'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { expect, it, onTestFinished } from 'vitest'

const command = new URL('../packages/cli/bin/hypervision.js', import.meta.url).pathname
const clip = new URL('../packages/cli/assets/clip.webm', import.meta.url).pathname

type Child = ChildProcessByStdio<null, Readable, null>

async function goLive(storage: string, bootstrap: string): Promise<{ child: Child; link: string }> {
  const words = ['broadcast', clip, '--loop', '--storage', storage, '--bootstrap', bootstrap]
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [link] = await once(createInterface(child.stdout), 'line')
  return { child, link }
}

it('survives SIGKILL of the broadcaster in mid-append: same link, nothing lost, viewers go on by themselves', async () => {
  const network = await bootstrapNode({ port: 0 })
  const storage = await mkdtemp(join(tmpdir(), 'hypervision-crash-'))
  onTestFinished(async () => {
    await network.close()
    await rm(storage, { recursive: true, force: true })
  })
  const bootstrap = `${network.host}:${network.port}`
  let { child, link } = await goLive(storage, bootstrap)

  const viewers = [0, 1].map(async () => {
    const viewer = await createViewer({ link, transports: [dht({ bootstrap: [bootstrap] })] })
    onTestFinished(() => viewer.close())
    return viewer
  })
  const [first, second] = await Promise.all(viewers)
  if (first === undefined || second === undefined) throw new Error('two viewers were made')

  const seen = new Map<number, string>()
  const epochs: number[] = []
  /** Takes blocks until so many Clusters of an epoch were seen. */
  const watch = async (blocks: AsyncIterator<ViewerBlock>, clusters: number): Promise<void> => {
    for (let count = 0; count < clusters; ) {
      const { value: block, done } = await blocks.next()
      if (done) throw new Error('the stream ended')
      if (block.kind === 'init') epochs.push(block.index)
      else count++
      const digest = createHash('sha256').update(block.bytes).digest('hex')
      expect(seen.get(block.index) ?? digest).toBe(digest)
      seen.set(block.index, digest)
    }
  }
  const streams = [first, second].map((viewer) => viewer.blocks[Symbol.asyncIterator]())
  for (let round = 0; round < 3; round++) {
    await Promise.all(streams.map((blocks) => watch(blocks, 15 + round * 7)))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const before = link
    ;({ child, link } = await goLive(storage, bootstrap))
    expect(link).toBe(before)
  }
  await Promise.all(streams.map((blocks) => watch(blocks, 30)))

  expect(new Set(epochs).size).toBe(4)
  const numbers = [...seen.keys()].sort((a, b) => a - b)
  const start = numbers[1] ?? 0
  // From the keyframe at which they joined on, every block of the feed was seen, whatever was killed in between.
  expect(numbers.slice(1)).toEqual(numbers.slice(1).map((_, place) => start + place))
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})
