/** What a person sees of a viewer: how often the picture stands still, and for how long. */
import { stream } from '../nodes/source.ts'
import type { Delivery } from '../nodes/watcher.ts'

/** What a player has in store before it starts, ms. */
const startBufferMs = 500

/**
 * The share of its time, 0 to 1, that a player plays once it has started: it waits for half a second, plays at the stream's
 * own speed, stands still when the next block is not there, and goes on at once when it comes.
 *
 * @param untilMs when it stops watching
 */
export function continuityOf(deliveries: readonly Delivery[], untilMs: number): number {
  const [first] = deliveries
  if (first === undefined) return 0
  const startMs = first.atMs + startBufferMs
  if (untilMs <= startMs) return 1
  let stalledMs = 0
  let dueAtMs = startMs
  for (const { atMs } of deliveries) {
    if (dueAtMs >= untilMs) break
    if (atMs > dueAtMs) {
      stalledMs += Math.min(atMs, untilMs) - dueAtMs
      dueAtMs = atMs
    }
    dueAtMs += stream.blockDurationMs
  }
  stalledMs += Math.max(0, untilMs - dueAtMs)
  return 1 - stalledMs / (untilMs - startMs)
}

/** The longest time between one block and the next, ms, where the next one came within a span of time. */
export function longestGapMs(deliveries: readonly Delivery[], fromMs: number, untilMs: number): number {
  let longest = 0
  let before = deliveries[0]
  for (const delivery of deliveries) {
    if (before !== undefined && delivery.atMs >= fromMs && delivery.atMs < untilMs) {
      longest = Math.max(longest, delivery.atMs - before.atMs)
    }
    before = delivery
  }
  return longest
}
