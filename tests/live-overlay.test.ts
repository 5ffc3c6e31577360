// The live overlay over a real network: processes that find each other by a DHT on this machine.
import { afterAll, expect, it } from 'vitest'
import { broadcastClip, type CliEvent, type CliProcess, endAll, startCli, startDht } from './cli-process.ts'

afterAll(endAll)

const viewers = 8

interface Live {
  readonly parents: number
  readonly pushedBytes: number
}

const liveOf = (event: CliEvent): Live => event.live as Live
const isPlaying = (event: CliEvent): boolean => event.state === 'playing' && liveOf(event).parents === 4

/** The first figures after `count` blocks more. */
function later(process: CliProcess, from: CliEvent, count: number): Promise<CliEvent> {
  const field = 'blocks' in from ? 'blocks' : 'verifiedBlocks'
  return process.event('stats', (event) => Number(event[field]) >= Number(from[field]) + count)
}

it('two copies leave the broadcaster for eight viewers, and those who are left go on when some are killed', async () => {
  const network = ['--bootstrap', await startDht()]
  const { broadcast, link } = await broadcastClip(network)
  const watching = Array.from({ length: viewers }, () => startCli(['watch', link, ...network, '--json']))
  await Promise.all(watching.map((each) => each.event('stats', isPlaying)))

  const before = await later(broadcast, await broadcast.event('stats', ({ blocks }) => Number(blocks) > 0), 1)
  const start = await later(broadcast, before, 50)
  const end = await later(broadcast, start, 50)
  const pushed = liveOf(end).pushedBytes - liveOf(start).pushedBytes
  // Half a copy more than it aims at: the trees of those who have just come may still be finding their shape.
  expect(pushed / (Number(end.streamBytes) - Number(start.streamBytes))).toBeLessThan(2.5)

  const [first, second, ...others] = watching
  first?.child.kill('SIGKILL')
  second?.child.kill('SIGKILL')
  const killed = await Promise.all(others.map((each) => each.event('stats', isPlaying)))
  await Promise.all(others.map((each, at) => later(each, killed[at] ?? { event: 'stats' }, 100)))
}, 120_000)
