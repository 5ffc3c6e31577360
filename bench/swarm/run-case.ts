/** Runs a case from the first frame to the figures. */
import type { Figures } from './measure/figures.ts'
import { Measurement } from './measure/measurement.ts'
import type { Scenario } from './scenario.ts'
import type { VirtualTime } from './time/virtual-time.ts'
import { World } from './world.ts'

/** What is owed when the span ends has so long to come, ms. */
const drainMs = 20_000

/** @returns its figures */
export async function runCase(time: VirtualTime, scenario: Scenario, seed: number): Promise<Figures> {
  const world = await World.open(time, scenario, seed)
  await world.sleep(1000)
  const joinOverMs = scenario.joinOverMs ?? 5000
  await Promise.all([world.join(scenario.viewers, joinOverMs), world.sabotage(scenario.saboteurs ?? 0, joinOverMs)])
  if (scenario.viewers > 0) await world.sleep(scenario.settleMs ?? 5000)

  const measurement = new Measurement(world)
  await Promise.all([world.sleep(scenario.measureMs), scenario.during?.(world)])
  measurement.endSpan()
  await world.sleep(1000)
  world.source.stop()
  for (let waited = 0; waited < drainMs && !measurement.isComplete; waited += 200) await world.sleep(200)
  return measurement.figures()
}
