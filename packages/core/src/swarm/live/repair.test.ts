// How often a parent may owe, and a peer keep silent: at each limit and one past it.
import { expect, it } from 'vitest'
import { BlockWindow } from './block-window.ts'
import type { Joining } from './joining.ts'
import { defaultLiveSettings } from './live-options.ts'
import type { LivePeer } from './live-peer.ts'
import { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'
import { Repair } from './repair.ts'

const { pullMs } = defaultLiveSettings.timers

/** A node that has blocks up to 100, or none yet, and its neighbours: what it asks of each, and the stripes whose parent it gives up. */
function node(
  names: readonly string[],
  parentOf: (stripe: number) => string | undefined = () => undefined,
  isUnderWay = false,
) {
  let now = 10_000
  const asked: (readonly [name: string, index: number])[] = []
  const failed: number[] = []
  const neighbours = new Map(
    names.map((name, at) => {
      const pull = (indices: readonly number[]) => asked.push(...indices.map((index) => [name, index] as const))
      const peer = { id: String(at).padStart(16, '0'), pull } as unknown as LivePeer
      const neighbour = new Neighbour(peer, defaultLiveSettings.stripes, now)
      neighbour.role = 'node'
      neighbour.unanswered = 0
      return [name, neighbour]
    }),
  )
  const state = {
    role: 'node',
    home: 0,
    settings: defaultLiveSettings,
    clock: { now: () => now, after: () => () => {} },
    random: () => 0,
    log: { length: 100, remoteLength: 0, canCheck: true, catchUp: () => {} },
    window: new BlockWindow(),
    neighbours: new Set(neighbours.values()),
    counts: { repairs: 0 },
    isClose: () => true,
  } as unknown as OverlayState
  const parents = {
    parent: (stripe: number) => neighbours.get(parentOf(stripe) ?? '') ?? null,
    changedMs: () => 0,
    fail: (stripe: number) => failed.push(stripe),
  } as unknown as Parents
  const joining = {
    isUnderWay,
    first: (head: number) => (isUnderWay ? head - 1 : 100),
    isPast: () => isUnderWay,
  } as unknown as Joining
  const repair = new Repair(state, parents, joining)
  return {
    asked,
    failed,
    repair,
    neighbour: (name: string): Neighbour => neighbours.get(name) as Neighbour,
    /** All neighbours tell that they have blocks below `next`; after a while it is looked at what is missing. */
    wait: (next: number, ms: number) => {
      for (const one of neighbours.values())
        Object.assign(one, { heardMs: now, have: { first: 0, next, bits: [0, 0] } })
      repair.tick()
      now += ms
      for (const one of neighbours.values()) one.heardMs = now
      repair.tick()
    },
  }
}

it('a parent is kept that has one block which it did not push, and given up when it has two in a row', () => {
  const { failed, wait } = node(['parent', 'other'], () => 'parent')
  wait(101, pullMs)
  expect(failed).toEqual([])
  wait(102, pullMs)
  expect(failed).toEqual([1])
})

it('what a parent pushes in between forgives the one before', () => {
  const { failed, wait, repair, neighbour } = node(['parent', 'other'], () => 'parent')
  wait(101, pullMs)
  repair.onblock(100, neighbour('parent'))
  wait(101, pullMs)
  expect(failed).toEqual([])
})

it.each([
  [2, 'silent'],
  [3, 'other'],
])(
  'of two who have a block one that left %i requests in a row unanswered comes first or last: %s is asked',
  (unanswered, expected) => {
    const { asked, wait, neighbour } = node(['silent', 'other'])
    neighbour('silent').unanswered = unanswered
    wait(101, pullMs)
    expect(asked[0]).toEqual([expected, 100])
  },
)

it.each([
  [0, 'new'],
  [1, 'other'],
])('one that has given nothing yet has one try: after %i requests without an answer %s is asked', (tries, expected) => {
  const { asked, wait, neighbour } = node(['new', 'other'])
  const { unanswered } = new Neighbour(neighbour('new').peer, defaultLiveSettings.stripes, 0)
  neighbour('new').unanswered = unanswered + tries
  wait(101, pullMs)
  expect(asked[0]).toEqual([expected, 100])
})

it.each([
  [5, 200],
  [6, 100],
])('where two of %i claim newer blocks than the others a newcomer asks for block %i', (count, expected) => {
  const names = Array.from({ length: count }, (_, at) => String(at))
  const { asked, repair, neighbour } = node(names, () => undefined, true)
  for (const [at, name] of names.entries()) neighbour(name).have = { first: 0, next: at < 2 ? 201 : 101, bits: [0, 0] }
  repair.tick()
  expect(asked.map(([, index]) => index)).toEqual([expected])
})

it('where nobody has answered for long all are believed again', () => {
  const { asked, wait, neighbour } = node(['one', 'other'])
  for (const name of ['one', 'other']) neighbour(name).unanswered = 9
  wait(101, pullMs)
  expect(asked).toEqual([['one', 100]])
})

it('a parent that has a block and cannot be asked yet is blamed once for it', () => {
  const { failed, wait, neighbour } = node(['source'], () => 'source')
  neighbour('source').role = 'source'
  wait(102, pullMs)
  for (let tick = 0; tick < 5; tick++) wait(102, 50)
  expect(failed).toEqual([])
})
