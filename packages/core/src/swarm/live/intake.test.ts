import { expect, it } from 'vitest'
import { BlockWindow } from './block-window.ts'
import { Intake } from './intake.ts'
import { defaultLiveSettings } from './live-options.ts'
import type { LivePeer } from './live-peer.ts'
import type { LiveBlock } from './live-types.ts'
import { Neighbour } from './neighbour.ts'

const blocks = 60

/** A node that has some blocks, and a neighbour that it has asked for every stripe. */
function asked() {
  const banished: string[] = []
  const neighbour = new Neighbour({ id: '0001020304050607' } as LivePeer, defaultLiveSettings.stripes, 0)
  for (let stripe = 0; stripe < defaultLiveSettings.stripes; stripe++) neighbour.ask(stripe, 0)
  const state = {
    log: { length: blocks },
    window: new BlockWindow(),
    settings: defaultLiveSettings,
    clock: { now: () => 0 },
    counts: { duplicates: 0, duplicateBytes: 0 },
    banish: (_: Neighbour, reason: string) => banished.push(reason),
  }
  const events = { ontaken: () => {}, onconflict: () => {} }
  const intake = new Intake(state as never, {} as never, {} as never, { isUnderWay: false } as never, events)
  const take = (index: number): void => {
    const block: LiveBlock = { index, peaks: [], signature: new Uint8Array(), value: new Uint8Array(10) }
    intake.take(neighbour, block)
  }
  return { neighbour, take, banished }
}

it('does not blame a peer for blocks that were on their way to each other', () => {
  const { neighbour, take, banished } = asked()
  for (let index = 0; index < blocks; index++) {
    neighbour.knows(index)
    take(index)
  }
  expect(banished).toEqual([])
})

it('banishes a peer that sends the same again and again', () => {
  const { take, banished } = asked()
  for (let round = 0; round < 25; round++) take(0)
  expect(banished[0]).toBe('it sends what is here already, again and again')
})
