// Time that passes only when everything due has been done: histories of minutes in seconds, the same ones each time.
import type { Clock } from '../../src/swarm/clock.ts'

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** A clock whose hand is moved by `run`. */
export class VirtualClock implements Clock {
  readonly #heap: Due[] = []
  readonly #cancelled = new Set<Due>()
  #nowMs = 0
  #order = 0

  now(): number {
    return this.#nowMs
  }

  after(ms: number, run: () => void): () => void {
    const due = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order++, run }
    this.#push(due)
    return () => this.#cancelled.add(due)
  }

  /** Lets time pass up to a moment. */
  async runUntil(ms: number): Promise<void> {
    for (let due = this.#heap[0]; due !== undefined && due.atMs <= ms; due = this.#heap[0]) {
      this.#pop()
      if (this.#cancelled.delete(due)) continue
      this.#nowMs = due.atMs
      due.run()
      // What the event has set off in promises happens at the same moment.
      for (let turn = 0; turn < 4; turn++) await null
    }
    this.#nowMs = ms
  }

  #isBefore(one: Due, other: Due): boolean {
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
  }

  #push(due: Due): void {
    const heap = this.#heap
    heap.push(due)
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !this.#isBefore(due, parent)) break
      heap[at] = parent
      heap[above] = due
      at = above
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let at = 0; ; ) {
      let least = at
      for (const below of [2 * at + 1, 2 * at + 2]) {
        const one = heap[below]
        const other = heap[least]
        if (one !== undefined && other !== undefined && this.#isBefore(one, other)) least = below
      }
      if (least === at) return
      const swap = heap[least]
      const here = heap[at]
      if (swap === undefined || here === undefined) return
      heap[at] = swap
      heap[least] = here
      at = least
    }
  }
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
