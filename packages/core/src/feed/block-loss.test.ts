import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchLoss } from './block-loss.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A log of which the blocks from 8 on are here, and what is known of others. */
function evidence(state: { peers: number; hasBlock?: boolean; isDeleted?: boolean; hasLater?: boolean }) {
  let tell = (): void => {}
  return {
    peersWith: () => state.peers,
    availableFrom: (start: number) => (state.hasBlock ? start : state.hasLater === false ? -1 : Math.max(8, start)),
    isDeleted: () => state.isDeleted ?? false,
    onchange(listener: () => void) {
      tell = listener
      return () => {
        tell = () => {}
      }
    },
    become(change: Partial<typeof state>): void {
      Object.assign(state, change)
      tell()
    },
  }
}

it.each([
  ['the broadcaster has deleted', { peers: 1, isDeleted: true }, 2000],
  ['those who are connected do not have', { peers: 1 }, 10_000],
  ['nobody is there for', { peers: 0 }, 120_000],
])('gives a block up that %s, after a while', async (_, state, patienceMs) => {
  const onloss = vi.fn()
  watchLoss(evidence(state), 5, onloss)
  await vi.advanceTimersByTimeAsync(patienceMs - 1)
  expect(onloss).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(onloss).toHaveBeenCalledOnce()
})

it('does not count the time of an outage against those who come back', async () => {
  const onloss = vi.fn()
  const log = evidence({ peers: 1 })
  const stop = watchLoss(log, 5, onloss)
  await vi.advanceTimersByTimeAsync(9000)
  log.become({ peers: 0 })
  await vi.advanceTimersByTimeAsync(60_000)
  log.become({ peers: 1 })
  await vi.advanceTimersByTimeAsync(9000)
  log.become({ hasBlock: true })
  await vi.advanceTimersByTimeAsync(200_000)
  expect(onloss).not.toHaveBeenCalled()
  stop()
})

it('waits for ever for one that is still to come, or that somebody has, and leaves no timer', async () => {
  const onloss = vi.fn()
  const log = evidence({ peers: 1, hasLater: false })
  const stop = watchLoss(log, 5, onloss)
  await vi.advanceTimersByTimeAsync(200_000)
  log.become({ hasLater: true })
  expect(vi.getTimerCount()).toBe(1)
  stop()
  expect([onloss.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0])
})
