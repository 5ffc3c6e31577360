/** Time that stands still until a test turns it on. */
import type { Clock } from '../../src/swarm/clock.ts'

/** A clock, and its hand. */
export interface ManualClock extends Clock {
  /** Lets so many milliseconds pass: what falls due on the way is run at its time, and what that leads to has its turn. */
  advance(ms: number): Promise<void>
  /** What waits. */
  readonly timers: number
}

/** Makes a clock that stands at 0. */
export function manualClock(): ManualClock {
  let now = 0
  const timers = new Set<{ readonly at: number; readonly run: () => void }>()
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    get timers() {
      return timers.size
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.run()
        await settle()
      }
      now = end
    },
  }
}

/** Lets what is on its way between streams of this process arrive. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
