/** The cases of the bench: each is run with plain replication and with the live overlay, from the same seed. */
import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

/** A case of the table. */
export interface SwarmCase {
  /** As the table has it. */
  readonly name: string
  readonly scenario: Scenario
  /** Whether nodes have stock hypercore replication alone. */
  readonly isPlain: boolean
  /** Whether it runs only when it is asked for by name, as it takes very long. */
  readonly isOnRequest: boolean
}

/** Replication alone has no reason to prefer a peer, so its cost grows with its links: eight, as the overlay's source has children. */
const plainLinks = { sourcePeers: 8, viewerPeers: 8 } as const
const second = 1000

/** All cases, in the order of the table. */
export function swarmCases(quick: boolean): SwarmCase[] {
  const both = (scenario: Scenario, isOnRequest = false): SwarmCase[] => [
    plain(scenario, isOnRequest),
    overlay(scenario, isOnRequest),
  ]
  if (quick) {
    const short = { joinOverMs: 2 * second, settleMs: 2 * second }
    return [steady(30, 6 * second), killed(30, 0.2, 'random', 6 * second)].flatMap((each) =>
      both({ ...each, ...short }),
    )
  }
  return [
    ...both(steady(30, 20 * second)),
    ...both(steady(100, 20 * second)),
    plain({ ...steady(100, 20 * second), sourcePeers: 64 }, true, ', 64 links at the source'),
    plain({ ...steady(100, 20 * second), sourcePeers: 4, viewerPeers: 4 }, true, ', 4 links'),
    ...both(steady(300, 20 * second), true),
    ...both(steady(1000, 10 * second), true),
    ...both(killed(100, 0.2, 'random', 20 * second)),
    ...both(killed(100, 0.2, 'busiest', 20 * second)),
    ...both(killed(100, 0.5, 'random', 20 * second)),
    ...both(churn(100, 300 * second)),
    ...both(flashCrowd(100)),
    ...both(halfLeaves(100)),
    ...both(mixedUplinks(100)),
    // Replication alone has no live channel to attack.
    overlay({ ...steady(90, 20 * second), name: 'N=90 and 10 that mean ill', saboteurs: 10 }),
  ]
}

function plain(scenario: Scenario, isOnRequest: boolean, remark = ''): SwarmCase {
  return {
    name: `${scenario.name}, plain${remark}`,
    scenario: { ...plainLinks, ...scenario },
    isPlain: true,
    isOnRequest,
  }
}

function overlay(scenario: Scenario, isOnRequest = false): SwarmCase {
  return { name: `${scenario.name}, overlay`, scenario, isPlain: false, isOnRequest }
}

function steady(viewers: number, measureMs: number): Scenario {
  return { name: `N=${viewers}`, viewers, measureMs }
}

function killed(viewers: number, share: number, who: 'random' | 'busiest', measureMs: number): Scenario {
  const name = `N=${viewers}, ${share * 100} % killed${who === 'busiest' ? ', the busiest' : ''}`
  const during = async (world: World): Promise<void> => {
    await world.sleep(measureMs / 4)
    world.kill(share, who)
  }
  return { name, viewers, measureMs, during }
}

/** In each ten seconds some leave, and as many come. */
function churn(viewers: number, measureMs: number): Scenario {
  const roundMs = 10 * second
  const share = 0.05
  const during = async (world: World): Promise<void> => {
    for (let elapsedMs = 0; elapsedMs < measureMs; elapsedMs += roundMs) {
      const leaving = world.random.shuffle(world.present).slice(0, Math.round(share * viewers))
      await Promise.all([world.leave(leaving, roundMs), world.join(leaving.length, roundMs), world.sleep(roundMs)])
    }
  }
  return { name: `N=${viewers}, 5 % leave and come each 10 s`, viewers, measureMs, during }
}

function flashCrowd(viewers: number): Scenario {
  const during = (world: World): Promise<void> => world.join(viewers, 5 * second)
  return { name: `${viewers} come within 5 s`, viewers: 0, measureMs: 15 * second, during }
}

function halfLeaves(viewers: number): Scenario {
  const viewer = (number: number): { isLeaf: boolean } => ({ isLeaf: number % 2 === 1 })
  return { name: `N=${viewers}, half upload nothing`, viewers, measureMs: 20 * second, viewer }
}

function mixedUplinks(viewers: number): Scenario {
  return {
    name: `N=${viewers}, uplinks of 0.5 to 10 times the bitrate, 1 % loss`,
    viewers,
    measureMs: 20 * second,
    loss: 0.01,
    viewer: (_number, random) => ({ uplink: 0.5 * 20 ** random.next() }),
  }
}
