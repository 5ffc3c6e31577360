// What the live overlay bears: swarms in virtual time of which a part breaks the rules, and lines that lose packets, over several seeds.
import * as bad from '../packages/core/test/live/misbehaving.ts'
import {
  endMs,
  everySeventh,
  everyThird,
  firstNine,
  type IsOffender,
  play,
} from '../packages/core/test/live/misbehaving-swarm.ts'
import { SimulatedSwarm } from '../packages/core/test/live/simulated-swarm.ts'
import { figuresOf } from '../packages/core/test/live/swarm-figures.ts'
import type { Bench, BenchRunOptions, Row } from './bench.ts'

/** When it is begun to measure, as misbehaviour.test.ts does, ms. */
const fromMs = 2000

const honestly: bad.Misbehaviour = () => ({})

const cases: readonly (readonly [name: string, misbehaviour: bad.Misbehaviour, isOffender: IsOffender])[] = [
  ['limit: nobody breaks the rules', honestly, everySeventh],
  ['every seventh withholds', bad.withholds, everySeventh],
  ['every seventh gives half', bad.givesHalf, everySeventh],
  ['every seventh claims what does not exist', bad.claimsTheFuture, everySeventh],
  ['a third withhold', bad.withholds, everyThird],
  ['a third withhold and say nothing', bad.playsDumb, everyThird],
  ['a third forge', bad.forges, everyThird],
  ['the first nine withhold', bad.withholds, firstNine],
  ['the first nine withhold and say nothing', bad.playsDumb, firstNine],
]

const lossy = [0, 0.01, 0.02]

export const bench: Bench = {
  name: 'misbehaviour',
  title:
    'Live overlay in virtual time: 30 viewers of whom some break the rules, 20 on lines of 60 to 160 ms that lose packets; mean of seeds, and the worst one',

  async run({ quick, wants, seed: first, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const seeds = Array.from({ length: quick ? 2 : 8 }, (_, at) => first + at)
    const rows: Row[] = []
    /** Measures a case with each seed. */
    const measure = async (name: string, run: (seed: number) => Promise<Outcome>): Promise<void> => {
      if (!wants(name)) return
      log(name)
      const outcomes: Outcome[] = []
      for (const seed of seeds) {
        signal.throwIfAborted()
        outcomes.push(await run(seed))
      }
      const mean = (read: (one: Outcome) => number): number =>
        outcomes.reduce((sum, one) => sum + read(one), 0) / outcomes.length
      rows.push({
        case: name,
        gapMeanMs: Math.round(mean(({ gapMs }) => gapMs)),
        gapMaxMs: Math.max(...outcomes.map(({ gapMs }) => gapMs)),
        belowShare: mean(({ below }) => below),
        sourceCopies: mean(({ copies }) => copies),
        parentsLost: Math.round(mean(({ parentsLost }) => parentsLost)),
        lostBlocks: outcomes.reduce((sum, { lost }) => sum + lost, 0),
      })
    }
    for (const [name, misbehaviour, isOffender] of cases) {
      await measure(name, async (seed) => {
        const { swarm, honest, copies, below } = await play(misbehaviour, isOffender, { seed })
        return { ...figuresOf(swarm, fromMs, endMs, honest), copies, below, parentsLost: parentsLostOf(honest) }
      })
    }
    for (const loss of lossy) await measure(`${100 * loss} % of packets lost`, (seed) => playLossy(seed, loss))
    return rows
  },
}

/** What is measured of one swarm. */
interface Outcome {
  readonly gapMs: number
  readonly lost: number
  readonly copies: number
  readonly below: number
  readonly parentsLost: number
}

/** Twenty honest viewers, one each tenth of a second. */
async function playLossy(seed: number, loss: number): Promise<Outcome> {
  const swarm = new SimulatedSwarm({ seed, loss, delayMs: [60, 160] })
  swarm.goLive()
  for (let number = 1; number <= 20; number++) {
    swarm.add()
    await swarm.clock.runUntil(number * 100)
  }
  await swarm.clock.runUntil(18_000)
  swarm.goOffAir()
  await swarm.clock.runUntil(26_000)
  const { gapMs, lost, sourceCopies } = figuresOf(swarm, 4000, 18_000)
  return { gapMs, lost, copies: sourceCopies, below: 0, parentsLost: parentsLostOf(swarm.alive) }
}

/** How often the viewers lost a parent, all together. */
function parentsLostOf(viewers: Iterable<SimulatedSwarm['alive'][number]>): number {
  return [...viewers].reduce((sum, { overlay }) => sum + overlay.figures().parentsLost, 0)
}
