/** Timers in the order in which they are due: a binary heap in which a timer may be put off or taken back at no cost. */

/** A timer in the queue. */
export interface QueuedTimer {
  /** When it is due, ms. Putting it off leaves it where it is in the heap: it is put right when it comes up. */
  dueAtMs: number
  isCancelled: boolean
  readonly run: () => void
}

interface Entry {
  readonly timer: QueuedTimer
  readonly dueAtMs: number
  /** Timers of one moment run in the order in which they were set. */
  readonly order: number
}

/** The timers of a {@link VirtualTime}. */
export class TimerQueue {
  readonly #heap: Entry[] = []
  #order = 0

  add(timer: QueuedTimer): void {
    const heap = this.#heap
    const entry = { timer, dueAtMs: timer.dueAtMs, order: this.#order++ }
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (parent === undefined || isBefore(parent, entry)) break
      heap[at] = parent
      at = parentAt
    }
    heap[at] = entry
  }

  /** Takes out the timer that is due first; null where there is none. */
  take(): QueuedTimer | null {
    for (;;) {
      const first = this.#takeEntry()
      if (first === null) return null
      const { timer } = first
      if (timer.isCancelled) continue
      if (timer.dueAtMs <= first.dueAtMs) return timer
      this.add(timer)
    }
  }

  #takeEntry(): Entry | null {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return null
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(entry: Entry): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      if (left === undefined) break
      const right = heap[2 * at + 2]
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (isBefore(entry, child)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = entry
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order)
}
