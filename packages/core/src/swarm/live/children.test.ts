// Who has a place below a node when there are fewer places than there are those who want one, and when there are fewer.
import { expect, it } from 'vitest'
import { UploadBudget } from '../upload-budget.ts'
import { BlockWindow } from './block-window.ts'
import { Children } from './children.ts'
import { defaultLiveSettings } from './live-options.ts'
import type { LivePeer } from './live-peer.ts'
import type { LiveBlock } from './live-types.ts'
import { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

const stripe = 0
const nothing = { first: 0, next: 0, bits: [0, 0] } as const

function childrenOf(role: OverlayState['role'], now: () => number, sourceCopies = 1): Children {
  return new Children(
    {
      role,
      home: 1,
      clock: { now, after: () => () => {} },
      settings: { ...defaultLiveSettings, sourceCopies },
      budget: new UploadBudget({ bytesPerSecond: Number.POSITIVE_INFINITY, now }),
      window: new BlockWindow(),
      log: { length: 0 },
      isClose: () => true,
      changed: () => {},
      offer: () => {},
    } as unknown as OverlayState,
    { position: () => ({ path: ['source'], costMs: 0 }) } as unknown as Parents,
    true,
  )
}

/** A source, with one place in each stripe where nothing else is said, and who has got the last one. */
function source(sourceCopies = 1) {
  const children = childrenOf('source', () => 0, sourceCopies)
  let holder = ''
  /** A neighbour asks for the stripe. Ids that begin with 0 are at home in it. */
  const ask = (id: string, places: number, transport = 'dht'): string => {
    const peer = { id, transport, accept: () => (holder = id), deny: () => {}, drop: () => {} } as unknown as LivePeer
    const neighbour = new Neighbour(peer, defaultLiveSettings.stripes, 0)
    neighbour.role = places === 0 ? 'leaf' : 'node'
    neighbour.places = places
    children.onsubscribe(neighbour, { stripe, have: nothing })
    return holder
  }
  return ask
}

const home = '0000000000000000'
const away = '0000000100000000'

it('whoever can pass a whole copy on takes the place of one that cannot, at home or not', () => {
  const ask = source()
  expect(ask(`${home}1`, 3)).toBe(`${home}1`)
  expect(ask(`${away}2`, 4)).toBe(`${away}2`)
  expect(ask(`${home}3`, 3)).toBe(`${away}2`)
  expect(ask(`${home}4`, 4)).toBe(`${home}4`)
})

/** Those who ask `children` for a place, and who got and lost one: `id stripe`. */
function crowd(children: Children, now = () => 0) {
  const accepted: string[] = []
  const dropped: string[] = []
  const ask = (id: string, at = stripe): Neighbour => {
    const accept = (place: number): void => void accepted.push(`${id} ${place}`)
    const drop = (place: number): void => void dropped.push(`${id} ${place}`)
    const peer = { id, transport: 'dht', accept, deny: () => {}, drop } as unknown as LivePeer
    const neighbour = new Neighbour(peer, defaultLiveSettings.stripes, 0)
    Object.assign(neighbour, { role: 'node', places: 6, heardMs: now() })
    children.onsubscribe(neighbour, { stripe: at, have: nothing })
    return neighbour
  }
  return { accepted, dropped, ask }
}

it('whoever did not pass on what it was given has no claim to its place', () => {
  const { accepted, ask } = crowd(childrenOf('source', () => 0))
  const idle = ask(`${home}1`)
  ask(`${away}2`)
  idle.discredit(0)
  ask(`${away}2`)
  expect(accepted).toEqual([`${home}1 0`, `${away}2 0`])
})

it('one above is refused, and gets no place later', () => {
  const children = childrenOf('source', () => 0)
  const { accepted, ask } = crowd(children)
  const child = ask(`${away}1`)
  ask('source')
  ask(`${away}2`)
  children.onclose(child)
  expect(accepted).toEqual([`${away}1 0`, `${away}2 0`])
})

it('a child that is silent for longer than 400 ms loses its place to whoever asks, after 1200 ms in any case, and is told', () => {
  const { deadMs, idleDeadMs } = defaultLiveSettings.timers
  expect([deadMs, idleDeadMs]).toEqual([400, 1200])
  /** Whether a child of which nothing is heard is told that it has lost its place, when something happens so much later. */
  const isTold = (ms: number, act: (children: Children, ask: (id: string) => Neighbour) => void): boolean => {
    let now = 0
    const children = childrenOf('source', () => now)
    const { dropped, ask } = crowd(children, () => now)
    ask(`${home}1`)
    now = ms
    act(children, ask)
    return dropped.includes(`${home}1 0`)
  }
  expect([deadMs, deadMs + 1].map((ms) => isTold(ms, (_, ask) => void ask(`${home}2`)))).toEqual([false, true])
  expect([idleDeadMs, idleDeadMs + 1].map((ms) => isTold(ms, (children) => children.tick()))).toEqual([false, true])
})

it('places that are added go to those first who wait in the stripe that the node is to pass on', () => {
  const children = childrenOf('node', () => 0)
  const { accepted, ask } = crowd(children)
  for (let number = 1; number <= 4; number++) ask(`${away}${number}`, 3)
  const waits = '00000003000000009'
  for (const at of [0, 1, 2]) ask(waits, at)
  children.push({ index: 0, value: new Uint8Array(100) } as unknown as LiveBlock)
  children.onarrival(400)
  children.tick()
  expect(accepted.slice(4)).toEqual([`${waits} 1`, `${waits} 2`])
})

it('how much more than a copy somebody can pass on gives no claim to the place of another', () => {
  const ask = source()
  expect(ask(`${home}1`, 4)).toBe(`${home}1`)
  expect(ask(`${home}2`, 12)).toBe(`${home}1`)
})

it('whoever can pass anything on takes the place of a leaf', () => {
  const ask = source()
  expect(ask(`${home}1`, 0)).toBe(`${home}1`)
  expect(ask(`${away}2`, 1)).toBe(`${away}2`)
})

it('of two places each transport has one, and who comes by the same competes for it', () => {
  const ask = source(2)
  ask(`${home}1`, 6)
  expect(ask(`${home}2`, 6)).toBe(`${home}2`)
  expect(ask(`${away}3`, 0, 'webrtc')).toBe(`${away}3`)
  expect(ask(`${home}4`, 6)).toBe(`${away}3`)
  expect(ask(`${away}5`, 6, 'webrtc')).toBe(`${away}5`)
})

it('where there are fewer places than transports the better claim counts', () => {
  const ask = source()
  ask(`${away}1`, 6, 'webrtc')
  expect(ask(`${away}2`, 6)).toBe(`${away}1`)
  expect(ask(`${home}3`, 6)).toBe(`${home}3`)
})

it.each([
  [15, 'first'],
  [16, '01'],
])(
  'of those who were refused the last 16 are remembered: with %i after it the best one gets the place, if it is',
  (later, expected) => {
    const children = childrenOf('source', () => 0)
    let holder = ''
    const ask = (id: string, name: string): Neighbour => {
      const peer = { id, transport: 'dht', accept: () => (holder = name), deny: () => {}, drop: () => {} }
      const neighbour = new Neighbour(peer as unknown as LivePeer, defaultLiveSettings.stripes, 0)
      Object.assign(neighbour, { role: 'node', places: 6 })
      children.onsubscribe(neighbour, { stripe, have: nothing })
      return neighbour
    }
    const before = ask(`${home}0`, 'before')
    ask(`${home}1`, 'first')
    for (let number = 1; number <= later; number++) ask(`${away}${number}`, String(number).padStart(2, '0'))
    expect(holder).toBe('before')
    children.onclose(before)
    expect(holder).toBe(expected)
  },
)

it.each([
  ['has no place left where something waits in its uplink at each look', [100, 100, 100], 0],
  ['keeps half of what it began with where bursts wait and are gone at the next look', [300, 10, 300, 10, 300], 2],
])('a node %s', (_name, latenesses, places) => {
  let now = 0
  const children = childrenOf('node', () => now)
  const peer = {
    id: `${home}1`,
    transport: 'dht',
    accept: () => {},
    deny: () => {},
    drop: () => {},
  } as unknown as LivePeer
  const below = new Neighbour(peer, defaultLiveSettings.stripes, 0)
  children.onsubscribe(below, { stripe, have: nothing })
  expect(children.places).toBe(4)
  /** It has got a heartbeat so late. */
  const beat = (lateMs: number): void => {
    below.heardMs = now
    below.line.beat(now, now)
    below.line.echo(now, now + lateMs, 0, now)
  }
  beat(0)
  for (const lateMs of latenesses) {
    now += 250
    beat(lateMs)
    children.tick()
  }
  expect(children.places).toBe(places)
})
