// One row, in a process of its own whose time is virtual: `row.ts '{"name": …, "quick": …, "seed": …}'` prints the figures as
// JSON. `override` changes the case, for tests and for trying things out.
import { seededRandom } from './random.ts'
import type { Scenario } from './scenario.ts'
import { useVirtualTime } from './time/virtual-globals.ts'
import { VirtualTime } from './time/virtual-time.ts'

interface RowOptions {
  readonly name: string
  readonly quick: boolean
  readonly seed: number
  readonly override?: Partial<Scenario>
}

const { name, quick, seed, override }: RowOptions = JSON.parse(process.argv[2] ?? '{}')

const time = new VirtualTime()
useVirtualTime(time)
Math.random = seededRandom(`Math.random ${seed}`).next
// After time has been replaced: some modules take what they need of it when they load.
const { swarmCases } = await import('./cases.ts')
const { withoutLiveChannel } = await import('./nodes/plain-only.ts')
const { useSeededKeys } = await import('./seeded-keys.ts')
const { runCase } = await import('./run-case.ts')
useSeededKeys(seededRandom(`keys ${seed}`))
const wanted = swarmCases(quick).find((each) => each.name === name)
if (wanted === undefined) throw new Error(`There is no case '${name}'.`)
if (wanted.isPlain) withoutLiveChannel()
const figures = await time.run(runCase(time, { ...wanted.scenario, ...override }, seed))
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
