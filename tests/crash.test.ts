// A broadcaster that is killed again and again, as a process, while viewers watch: nothing that they had may be lost. Once at
// the pace of a live stream, and once while it appends as fast as it can, so that it is killed in the middle of an append.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { createViewer, type ViewerBlock } from '@hypervision/core'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { expect, it, onTestFinished, vi } from 'vitest'

const command = new URL('../packages/cli/bin/hypervision.js', import.meta.url).pathname
const clip = new URL('../packages/cli/assets/clip.webm', import.meta.url).pathname

// Each of the tests starts half a dozen processes one after another.
vi.setConfig({ testTimeout: 180_000 })

type Child = ChildProcessByStdio<Writable, Readable, null>

async function goLive(source: string[], storage: string, bootstrap: string): Promise<{ child: Child; link: string }> {
  const words = ['broadcast', ...source, '--storage', storage, '--bootstrap', bootstrap]
  const child = spawn(process.execPath, [command, ...words], { stdio: ['pipe', 'pipe', 'ignore'] })
  // A process that is killed breaks the pipe.
  child.stdin.on('error', () => {})
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const firstLine = once(createInterface(child.stdout), 'line')
  if (source.includes('-')) flood(child.stdin, await readFile(clip))
  const [link] = await firstLine
  return { child, link }
}

/** Gives the process more than it can store, until it has gone. */
function flood(stdin: Writable, bytes: Uint8Array): void {
  while (stdin.writable) if (!stdin.write(bytes)) return void stdin.once('drain', () => flood(stdin, bytes))
}

async function openNetwork(): Promise<{ bootstrap: string; storage: string }> {
  const network = await bootstrapNode({ port: 0 })
  const storage = await mkdtemp(join(tmpdir(), 'hypervision-crash-'))
  onTestFinished(async () => {
    await network.close()
    await rm(storage, { recursive: true, force: true })
  })
  return { bootstrap: `${network.host}:${network.port}`, storage }
}

async function watch(link: string, bootstrap: string, from: 'live' | 'start'): Promise<AsyncIterator<ViewerBlock>> {
  const viewer = await createViewer({ link, transports: [dht({ bootstrap: [bootstrap] })], from })
  onTestFinished(() => viewer.close())
  return viewer.blocks[Symbol.asyncIterator]()
}

function digestOf(block: ViewerBlock): string {
  return createHash('sha256').update(block.bytes).digest('hex')
}

it('survives SIGKILL of the broadcaster: same link, nothing lost, viewers go on by themselves', async () => {
  const { bootstrap, storage } = await openNetwork()
  const live = [clip, '--loop']
  let { child, link } = await goLive(live, storage, bootstrap)
  const streams = await Promise.all([watch(link, bootstrap, 'live'), watch(link, bootstrap, 'live')])

  const seen = new Map<number, string>()
  const epochs: number[] = []
  /** Takes blocks until so many Clusters of an epoch that is later than one were seen; gives the epoch. What is left of earlier ones may come first. */
  const take = async (blocks: AsyncIterator<ViewerBlock>, clusters: number, after: number): Promise<number> => {
    let epoch = after
    for (let count = 0; count < clusters; ) {
      const { value: block, done } = await blocks.next()
      if (done) throw new Error('the stream ended')
      if (block.kind === 'init') {
        epoch = block.index
        epochs.push(epoch)
      } else if (epoch > after) count++
      const digest = digestOf(block)
      expect(seen.get(block.index) ?? digest).toBe(digest)
      seen.set(block.index, digest)
    }
    return epoch
  }
  let newest = -1
  for (let round = 0; round < 3; round++) {
    newest = Math.max(...(await Promise.all(streams.map((blocks) => take(blocks, 12 + round * 5, newest)))))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const before = link
    ;({ child, link } = await goLive(live, storage, bootstrap))
    expect(link).toBe(before)
  }
  await Promise.all(streams.map((blocks) => take(blocks, 15, newest)))

  expect(new Set(epochs).size).toBe(4)
  const numbers = [...seen.keys()].sort((a, b) => a - b)
  const start = numbers[1] ?? 0
  // From the keyframe at which they joined on, every block of the feed was seen, whatever was killed in between.
  expect(numbers.slice(1)).toEqual(numbers.slice(1).map((_, place) => start + place))
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('keeps every block that a viewer had of a broadcaster that is killed while it appends without a pause', async () => {
  const { bootstrap, storage } = await openNetwork()
  let { child, link } = await goLive(['-'], storage, bootstrap)
  const blocks = await watch(link, bootstrap, 'start')
  const seen = new Map<number, string>()
  for (let round = 0; round < 4; round++) {
    for (let count = 0; count < 100; count++) {
      const { value: block, done } = await blocks.next()
      if (done) throw new Error('the stream ended')
      seen.set(block.index, digestOf(block))
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
    const before = link
    ;({ child, link } = await goLive(['-'], storage, bootstrap))
    expect(link).toBe(before)
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  // What is on disk now is asked of a broadcaster of its own, by somebody who knows nothing of the others.
  ;({ child } = await goLive([clip, '--loop'], storage, bootstrap))
  const newcomer = await watch(link, bootstrap, 'start')
  const stored = new Map<number, string>()
  for (let last = -1; last < Math.max(...seen.keys()); ) {
    const { value: block, done } = await newcomer.next()
    if (done) throw new Error('the stream ended')
    stored.set(block.index, digestOf(block))
    last = block.index
  }
  expect([...seen.keys()]).toEqual([...seen.keys()].map((_, place) => place))
  expect([...seen].filter(([number, digest]) => stored.get(number) !== digest)).toEqual([])
})
