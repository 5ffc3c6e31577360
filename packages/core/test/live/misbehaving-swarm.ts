// Thirty viewers in virtual time of whom some break the rules, whose lines carry whatever they send.
import * as bad from './misbehaving.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { SimulatedSwarm, type SwarmPlan } from './simulated-swarm.ts'

const viewers = 30
/** The last block is made at this time, ms. */
export const endMs = 14_000

/** Whether the viewer with a number, from 1 up in the order in which they come, breaks the rules. */
export type IsOffender = (number: number) => boolean

/** More than the tenth that the overlay has to bear. */
export const everySeventh: IsOffender = (number) => number % 7 === 0
export const everyThird: IsOffender = (number) => number % 3 === 0
/** They take all places of the broadcaster, of which there are eight. */
export const firstNine: IsOffender = (number) => number <= 9

/** What became of a swarm. */
export interface Outcome {
  readonly swarm: SimulatedSwarm
  readonly honest: readonly SimulatedNode[]
  readonly offenders: readonly SimulatedNode[]
  /** Copies of the stream that left the source once all were there. */
  readonly copies: number
  /** Part of the places in the trees of honest viewers that are below an offender, over the second half of the time. */
  readonly below: number
}

/** Lets a swarm play in which some viewers break the rules in a way, and go on until all have what they will get. */
export async function play(
  misbehaviour: bad.Misbehaviour,
  isOffender: IsOffender,
  plan: Partial<SwarmPlan> = {},
): Promise<Outcome> {
  const viewerBits = (number: number): number => (isOffender(number) ? 100e6 : 5e6)
  const swarm = new SimulatedSwarm({ seed: 1, viewerBits, ...plan })
  const makeOverlay = bad.misbehaving(misbehaviour, swarm.source.id)
  const honest: SimulatedNode[] = []
  const offenders: SimulatedNode[] = []
  swarm.goLive()
  for (let number = 1; number <= viewers; number++) {
    if (isOffender(number)) offenders.push(swarm.add('node', {}, makeOverlay))
    else honest.push(swarm.add())
    await swarm.clock.runUntil(number * 20)
  }
  await swarm.clock.runUntil(4000)
  const [sent, blocks] = [swarm.source.sentBlocks, swarm.appendedMs.length]
  let below = 0
  const samples = 20
  for (let sample = 1; sample <= samples; sample++) {
    await swarm.clock.runUntil(endMs / 2 + (sample * endMs) / 2 / samples)
    for (const { overlay } of offenders) below += overlay.figures().children / samples / honest.length / 4
  }
  const copies = (swarm.source.sentBlocks - sent) / (swarm.appendedMs.length - blocks)
  swarm.goOffAir()
  await swarm.clock.runUntil(endMs + 8000)
  return { swarm, honest, offenders, copies, below }
}
