// One row, in a process of its own whose time is virtual: `row.ts '{"name": …, "quick": …, "seed": …}'` prints the figures as
// JSON. A test gives a case of its own in place of a name.
import type { SwarmCase } from './cases.ts'
import { seededRandom } from './random.ts'
import { useVirtualTime } from './time/virtual-globals.ts'
import { VirtualTime } from './time/virtual-time.ts'

interface RowOptions {
  readonly name: string
  readonly quick: boolean
  readonly seed: number
  readonly ownCase?: SwarmCase
}

const { name, quick, seed, ownCase }: RowOptions = JSON.parse(process.argv[2] ?? '{}')

const time = new VirtualTime()
useVirtualTime(time)
Math.random = seededRandom(`Math.random ${seed}`).next
// After time has been replaced: some modules take what they need of it when they load.
const { swarmCases } = await import('./cases.ts')
const { runCase } = await import('./run-case.ts')
const wanted = ownCase ?? swarmCases(quick).find((each) => each.name === name)
if (wanted === undefined) throw new Error(`There is no case '${name}'.`)
const figures = await time.run(runCase(time, wanted, seed))
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
