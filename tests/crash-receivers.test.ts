// A viewer and a relay that are killed again and again, as processes, while they write what they get into their folders: they go on
// under the same link, and nothing that they had stored is lost.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createBroadcast, createRelay, createViewer } from '@hypervision/core'
import { fakeCapture, memoryNetwork } from '@hypervision/testkit'
import { type BootstrapNode, bootstrapNode, dht } from '@hypervision/transport-dht'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { Random } from '../fuzz/random.ts'
import { openStoredCore } from '../packages/core/src/storage/open-core.ts'
import { type CliProcess, endAll, startCli } from './cli-process.ts'

/** Kills that one run sees, and where they fall; raise or change them to look for rare ones. */
const kills = Number(process.env.HYPERVISION_KILLS ?? 2)
const seed = Number(process.env.HYPERVISION_SEED ?? 1)
/** It is killed once it has been given up to so much since it was started. */
const mostBytes = 1_500_000

vi.setConfig({ testTimeout: 120_000 + kills * 15_000 })
afterEach(endAll)

/** A backlog at once, and then ten times what a live stream has: whoever receives it never has all of it, and always writes. */
async function* hurried(): AsyncGenerator<Uint8Array> {
  const capture = fakeCapture({ isPaced: false, frameRate: 50, frameBytes: 2000, keyframeEvery: 25 })
  let chunks = 0
  for await (const chunk of capture.open({ signal: new AbortController().signal })) {
    yield chunk
    if (++chunks > 1000) await wait(2)
  }
}

/** The blocks in a folder that nobody has open, by their numbers. */
async function blocksIn(storage: string): Promise<Map<number, Buffer>> {
  const core = await openStoredCore(storage)
  const { bitfield } = core.core
  const blocks = new Map<number, Buffer>()
  for (let at = bitfield.findFirst(true, 0); at >= 0; at = bitfield.findFirst(true, at + 1)) {
    blocks.set(at, Buffer.from((await core.get(at, { wait: false })) ?? expect.fail(`block ${at} is not there`)))
  }
  await core.close()
  return blocks
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-killed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Whether somebody who has nobody but a relay on this folder gets its first blocks, each of which it checks. */
async function expectServed(storage: string, link: string, blocks: number): Promise<void> {
  const network = memoryNetwork()
  const relay = await createRelay({ link, storage, transports: [network.transport()] })
  const viewer = await createViewer({ link, transports: [network.transport()], from: 'start' })
  let next = 0
  for await (const { index } of viewer.blocks) {
    expect(index).toBe(next++)
    if (next >= blocks) break
  }
  await viewer.close()
  await relay.close()
}

/** Starts it on one folder and kills it, at another moment each time; the last time it may go on. */
async function killAgainAndAgain(command: readonly string[], node: BootstrapNode, random: Random): Promise<void> {
  const [origin, storage] = [await newFolder(), await newFolder()]
  const transports = [dht({ bootstrap: [node] })]
  const broadcast = await createBroadcast({ capture: hurried(), transports, storage: origin })
  onTestFinished(() => broadcast.close())
  const [verb = '', ...options] = command
  const words = [verb, broadcast.link, ...options, '--storage', storage, '--bootstrap', `${node.host}:${node.port}`]
  let stored = new Map<number, Buffer>()
  /** What each of the processes has written on stdout. */
  const shown: Buffer[] = []
  const run = async (untilDue: (running: CliProcess) => Promise<unknown>): Promise<void> => {
    const running = startCli([...words, '--json'], { hasMediaOnStdout: verb === 'watch' })
    const pieces: Buffer[] = []
    if (verb === 'watch') running.child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    await untilDue(running)
    running.child.kill('SIGKILL')
    await running.ended
    shown.push(Buffer.concat(pieces))
    const before = [...stored.keys()]
    stored = await blocksIn(storage)
    expect(before.filter((block) => !stored.has(block))).toEqual([])
  }
  for (let kill = 0; kill < kills; kill++) {
    const due = broadcast.stats().blockBytesUp + random.below(mostBytes)
    await run(async () => {
      while (broadcast.stats().blockBytesUp <= due) await wait(5)
    })
  }
  const before = stored.size
  await run(({ event }) => event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 20))
  expect(stored.size).toBeGreaterThan(before)

  const { link } = broadcast
  await broadcast.close()
  const blocks = await blocksIn(origin)
  expect([...stored].filter(([number, bytes]) => !blocks.get(number)?.equals(bytes))).toEqual([])
  const hole = [...stored.keys()].findIndex((number, at) => number !== at)
  if (hole !== 0) await expectServed(storage, link, hole < 0 ? stored.size : hole)
  // Each has shown the channel without a break, from where it began: that is later where it was long in finding somebody who has the beginning.
  const channel = Buffer.concat([...blocks.values()])
  const initBytes = blocks.get(0)?.byteLength ?? 0
  for (const bytes of shown) expect(channel.includes(bytes.subarray(initBytes))).toBe(true)
}

test('a viewer and a relay that are killed while they write go on under the same link, with all that they had stored', async () => {
  const node = await bootstrapNode({ port: 0 })
  onTestFinished(() => node.close())
  await Promise.all([
    killAgainAndAgain(['watch', '--from', 'start', '--out', '-'], node, new Random(seed)),
    killAgainAndAgain(['relay', '--keep', 'all'], node, new Random(-seed)),
  ])
})
