// Nothing is left behind by peers that come and go. `pnpm bench soak --case cycles` does it two thousand times.
import { expect, it, onTestFinished, vi } from 'vitest'
import { type Cycles, count, guests, losses, type Remains } from './connection-cycles.ts'

const times = 60

// Everything that is in use is counted again and again, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 180_000 })

/**
 * Kinds of which every round leaves something of every other cycle. One round may leave something that stays once, as what is made when it is
 * first needed; a leak shows in all of them.
 */
async function leaks(cycles: Cycles, rounds = 4): Promise<string[]> {
  onTestFinished(() => cycles.close())
  await cycles.run(20)
  let before = await cycles.remains()
  let suspects = Object.keys(before) as (keyof Remains)[]
  for (let round = 0; round < rounds && suspects.length > 0; round++) {
    await cycles.run(times)
    const after = await cycles.remains()
    suspects = suspects.filter((kind) => after[kind] - before[kind] > times / 2)
    before = after
  }
  return suspects
}

it('keeps nothing of viewers that came and went', async () => {
  expect(await leaks(await guests())).toEqual([])
})

it('keeps nothing of connections that were lost and made again', async () => {
  expect(await leaks(await losses())).toEqual([])
})

it('would show a listener, a wait or a timer that is left of each cycle', async () => {
  const target = new EventTarget()
  const timers: NodeJS.Timeout[] = []
  const leaky: Cycles = {
    name: 'leaks',
    async run(times) {
      for (let time = 0; time < times; time++) {
        target.addEventListener('change', () => time)
        void Promise.race([new Promise(() => {}), new Promise((resolve) => target.addEventListener('end', resolve))])
        timers.push(setTimeout(() => {}, 60_000))
      }
    },
    remains: count,
    close: async () => timers.forEach((timer) => void clearTimeout(timer)),
  }
  // What is left of each cycle shows in every round: two show it as well as four.
  expect(await leaks(leaky, 2)).toEqual(expect.arrayContaining(['functions', 'timers', 'promises']))
})
