// Whole swarms in virtual time: the same histories each time, minutes of them in seconds.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SimulatedNode } from '../../../test/live/simulated-node.ts'
import { SimulatedSwarm, type SwarmPlan } from '../../../test/live/simulated-swarm.ts'
import { figuresOf } from '../../../test/live/swarm-figures.ts'
import { seededRandom } from '../../../test/live/virtual-clock.ts'

/** A swarm on air that viewers have come to, one each 20 ms. */
async function settled(viewers: number, plan: Partial<SwarmPlan> = {}): Promise<SimulatedSwarm> {
  const swarm = new SimulatedSwarm({ seed: 1, ...plan })
  swarm.goLive()
  for (let number = 0; number < viewers; number++) {
    swarm.add()
    await swarm.clock.runUntil(number * 20)
  }
  await swarm.clock.runUntil(8000)
  return swarm
}

/** Lets a swarm go on for a while, and then come to its end. */
async function goOn(swarm: SimulatedSwarm, ms: number): Promise<void> {
  await swarm.clock.runUntil(swarm.clock.now() + ms)
  swarm.goOffAir()
  await swarm.clock.runUntil(swarm.clock.now() + 8000)
}

function some(swarm: SimulatedSwarm, share: number): SimulatedNode[] {
  return swarm.alive.filter(() => swarm.random() < share)
}

/** Every viewer that is left has every block since it came, once and in order. */
function expectAll(swarm: SimulatedSwarm): void {
  for (const { log } of swarm.alive) {
    const first = log.arrivals[0]?.index ?? 0
    expect(log.arrivals.map(({ index }) => index)).toEqual(log.arrivals.map((_, at) => first + at))
    expect(log.length).toBe(swarm.source.log.length)
  }
}

it.each([1, 2, 5, 30, 100])(
  'two copies at the most leave the source for %i viewers, and each has everything',
  async (viewers) => {
    const swarm = await settled(viewers)
    const [copies, blocks] = [swarm.source.sentBlocks, swarm.appendedMs.length]
    await goOn(swarm, 10_000)
    expectAll(swarm)
    expect((swarm.source.sentBlocks - copies) / (swarm.appendedMs.length - blocks)).toBeLessThanOrEqual(2.001)
    const figures = figuresOf(swarm, 8000, 18_000)
    expect(figures.lost).toBe(0)
    expect(figures.waste).toBeLessThan(0.05)
    // Virtual time: what the trees look like, not how fast the machine is.
    expect(figures.p99Ms).toBeLessThan(600)
    expect(swarm.nodes.flatMap(({ banished }) => banished)).toEqual([])
  },
)

it.each([
  ['one who reaches', 3, 1],
  ['one who reaches', 12, 1],
  ['two who reach', 20, 2],
])('%s nobody but the source by another transport have every stripe, beside %i others', async (_name, many, few) => {
  const swarm = await settled(many + few, { transportOf: (number) => (number <= many ? 'dht' : 'webrtc') })
  const [copies, blocks] = [swarm.source.sentBlocks, swarm.appendedMs.length]
  await goOn(swarm, 10_000)
  expectAll(swarm)
  expect(swarm.nodes.map(({ overlay }) => overlay.figures().parents)).toEqual(swarm.nodes.map(() => 4))
  expect((swarm.source.sentBlocks - copies) / (swarm.appendedMs.length - blocks)).toBeLessThanOrEqual(2.001)
  const figures = figuresOf(swarm, 8000, 18_000)
  expect(figures.waste).toBeLessThan(0.05)
  expect(figures.p99Ms).toBeLessThan(600)
})

it('a hundred who come within five seconds cost the source three copies in the worst one, and begin within three', async () => {
  const swarm = new SimulatedSwarm({ seed: 1 })
  swarm.goLive()
  await swarm.clock.runUntil(2000)
  const came = new Map<SimulatedNode, number>()
  const copies: number[] = []
  for (let sent = 0; swarm.clock.now() < 12_000; sent = swarm.source.sentBlocks) {
    for (let number = 0; number < 20; number++) {
      if (came.size < 100) came.set(swarm.add(), swarm.clock.now())
      await swarm.clock.runUntil(swarm.clock.now() + 50)
    }
    copies.push((swarm.source.sentBlocks - sent) / 10)
  }
  expect(Math.max(...copies)).toBeLessThanOrEqual(3)
  for (const [{ log }, cameMs] of came) expect((log.arrivals[0]?.atMs ?? Infinity) - cameMs).toBeLessThan(3000)
  await goOn(swarm, 0)
  expectAll(swarm)
})

it('a newcomer begins with the keyframe before the newest block, and no longer after it came than three times there and back', async () => {
  const swarm = await settled(12, { delayMs: [50, 50] })
  for (const laterMs of [1000, 1340, 1680]) {
    await swarm.clock.runUntil(swarm.clock.now() + laterMs)
    const [head, cameMs] = [swarm.source.log.length, swarm.clock.now()]
    const { log } = swarm.add()
    await swarm.clock.runUntil(cameMs + 1500)
    const [first] = log.arrivals
    expect(first?.index).toBeLessThan(head + 3)
    expect((first?.index ?? 1) % 10).toBe(0)
    // Three trips to be connected, one for what neighbours have, two there and back, and the time it takes to look.
    expect((first?.atMs ?? Infinity) - cameMs).toBeLessThan(50 * 8 + 100)
  }
  await goOn(swarm, 0)
  expectAll(swarm)
})

it.each([5, 25, 80])(
  'a newcomer %i ms away that has nobody but the source does not wait for what came while it took its places',
  async (delayMs) => {
    const swarm = new SimulatedSwarm({ seed: 1, delayMs: [delayMs, delayMs] })
    swarm.goLive()
    for (let number = 0; number < 40; number++) {
      await swarm.clock.runUntil(swarm.clock.now() + 2013)
      const cameMs = swarm.clock.now()
      const { log } = swarm.add()
      await swarm.clock.runUntil(cameMs + delayMs * 8 + 250)
      // One block is made in a tenth of a second, and the same again is on its way.
      expect(log.length).toBeGreaterThan(swarm.source.log.length - 2 - delayMs / 100)
      for (const viewer of swarm.alive.filter((one) => one.log === log)) swarm.kill(viewer)
    }
  },
)

it('newcomers to a stream that stands still begin as soon as others, one after another', async () => {
  const swarm = new SimulatedSwarm({ seed: 1, delayMs: [50, 50] })
  swarm.goLive()
  await swarm.clock.runUntil(5750)
  swarm.goOffAir()
  await swarm.clock.runUntil(20_000)
  for (let number = 0; number < 12; number++) {
    const cameMs = swarm.clock.now()
    const viewer = swarm.add()
    await swarm.clock.runUntil(cameMs + 1000)
    expect((viewer.log.arrivals[0]?.atMs ?? Infinity) - cameMs).toBeLessThan(700)
    // Each of them has nobody but the source.
    swarm.kill(viewer)
    await swarm.clock.runUntil(cameMs + 8000)
  }
})

it('a stream of far more blocks than live ones have is no flood of messages', async () => {
  const swarm = await settled(10, { blockMs: 2, blockBytes: 500, sourceBits: 100e6, viewerBits: () => 100e6 })
  await goOn(swarm, 4000)
  expectAll(swarm)
  expect(swarm.nodes.flatMap(({ banished }) => banished)).toEqual([])
})

it('a viewer whose only neighbour has no place for it asks again now and then', async () => {
  const swarm = new SimulatedSwarm({ seed: 1, delayMs: [1, 1] })
  swarm.goLive()
  const viewer = swarm.add()
  await swarm.clock.runUntil(1000)
  swarm.source.overlay.isOpen = false
  await swarm.clock.runUntil(10_000)
  expect([swarm.source, viewer].flatMap(({ banished }) => banished)).toEqual([])
  swarm.source.overlay.isOpen = true
  await swarm.clock.runUntil(12_000)
  expect(viewer.overlay.figures().parents).toBe(4)
})

it('no node sends more than it may, and all have everything where the limits allow it', async () => {
  // A stream is 125 000 bytes a second. Every third may send half of it, the source little more than one.
  const uploadLimit = (number: number): number => (number === 0 ? 150_000 : number % 3 === 0 ? 62_500 : 250_000)
  const swarm = await settled(30, { uploadLimit })
  const before = [swarm.source, ...swarm.alive].map(({ sentBlocks }) => sentBlocks)
  await goOn(swarm, 10_000)
  expectAll(swarm)
  const limits = [swarm.source, ...swarm.alive].map((_, number) => uploadLimit(number) / 12_500)
  for (const [number, { sentBlocks }] of [swarm.source, ...swarm.alive].entries()) {
    // What was borrowed and saved up comes on top, once.
    expect(sentBlocks - (before[number] ?? 0)).toBeLessThanOrEqual(12 * (limits[number] ?? 0))
  }
  expect(figuresOf(swarm, 8000, 18_000).lost).toBe(0)
})

it('where some uplinks carry half of the stream and a hundredth of all is lost, blocks come in time all the same', async () => {
  const random = seededRandom(5)
  const swarm = await settled(30, { loss: 0.01, viewerBits: () => 1e6 * 0.5 * 20 ** random() })
  await goOn(swarm, 12_000)
  expectAll(swarm)
  const figures = figuresOf(swarm, 8000, 20_000)
  expect(figures.lost).toBe(0)
  // Each in vain takes its place from one that is needed: before uplinks were measured it was several of each block, and delays of many seconds.
  expect(figures.waste).toBeLessThan(0.5)
  expect(figures.p95Ms).toBeLessThan(1500)
})

it('those who leave in order cost those below them nothing', async () => {
  const swarm = await settled(60)
  const before = figuresOf(swarm, 4000, 8000)
  const busiest = [...swarm.alive].sort((one, other) => other.sentBlocks - one.sentBlocks).slice(0, 12)
  for (const node of busiest) {
    void swarm.leave(node)
    await swarm.clock.runUntil(swarm.clock.now() + 400)
  }
  await goOn(swarm, 4000)
  expectAll(swarm)
  // The new parent may be farther away: that much later the next block comes, and no more.
  expect(figuresOf(swarm, 7500, 16_000).gapMs).toBeLessThan(before.gapMs + 250)
})

it.each([
  ['a fifth of all', 0.2],
  ['half of all', 0.5],
] as const)('those who are left lose nothing when %s die without a word', async (_, share) => {
  const swarm = await settled(60)
  for (const node of some(swarm, share)) swarm.kill(node)
  await goOn(swarm, 8000)
  expectAll(swarm)
  expect(figuresOf(swarm, 7500, 15_000).lost).toBe(0)
})

it('a viewer that passes nothing on is served after those who do', async () => {
  const swarm = await settled(20)
  const leaves = Array.from({ length: 20 }, () => swarm.add('leaf'))
  await goOn(swarm, 10_000)
  expectAll(swarm)
  for (const { overlay } of leaves) expect(overlay.figures()).toMatchObject({ children: 0, pushedBlocks: 0 })
})

type Act = 'join' | 'join as leaf' | 'leave' | 'kill' | 'part'
const act = fc.constantFrom<Act>('join', 'join', 'join', 'join as leaf', 'leave', 'kill', 'part')

it('whatever happens to a swarm, no loop forms, no budget is broken, and who can be reached gets every block', {
  timeout: 120_000,
}, async () => {
  const history = fc.array(fc.tuple(act, fc.integer({ min: 0, max: 1500 })), { minLength: 5, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), history, async (seed, acts) => {
      const swarm = new SimulatedSwarm({ seed })
      swarm.goLive()
      for (let number = 0; number < 8; number++) swarm.add()
      for (const [what, waitMs] of acts) {
        const { alive } = swarm
        const one = alive[Math.floor(swarm.random() * alive.length)]
        if (what === 'join') swarm.add()
        else if (what === 'join as leaf') swarm.add('leaf')
        else if (one !== undefined && alive.length > 2) {
          if (what === 'leave') void swarm.leave(one)
          else if (what === 'kill') swarm.kill(one)
          else for (const other of [...one.links.keys()].slice(0, 3)) swarm.disconnect(one, other)
        }
        await swarm.clock.runUntil(swarm.clock.now() + waitMs)
        for (const { overlay } of [swarm.source, ...swarm.alive]) {
          const { children, places } = overlay.figures()
          expect(children).toBeLessThanOrEqual(places)
        }
      }
      await goOn(swarm, 8000)
      expectAll(swarm)
      // With too many leaves there are fewer places than are wanted: then each place is taken, and pulls bring what no parent does.
      const figures = [swarm.source, ...swarm.alive].map(({ overlay }) => overlay.figures())
      const sum = (of: 'places' | 'parents'): number => figures.reduce((total, one) => total + one[of], 0)
      expect(sum('parents')).toBe(Math.min(sum('places'), 4 * swarm.alive.length))
    }),
    { numRuns: 15 },
  )
})
