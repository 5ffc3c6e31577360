/**
 * Puts virtual time in the place of the process's own: `setTimeout`, `Date.now` and the like, for all modules, hypercore's
 * too. It is for a process of its own, and comes before other imports: some modules take `setImmediate` when they load.
 */
import type { QueuedTimer } from './timer-queue.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What `Date.now()` begins with: an hour of no meaning, so that runs are alike. */
const startMs = Date.UTC(2026, 0, 1)

/** Replaces the globals for the rest of the process. */
export function useVirtualTime(time: VirtualTime): void {
  const { setImmediate, clearImmediate } = globalThis
  const pending = new Set<unknown>()

  const setVirtualTimeout = (callback: Callback, milliseconds = 0, ...values: unknown[]): VirtualTimer =>
    new VirtualTimer(time, milliseconds, false, () => callback(...values))
  const setVirtualInterval = (callback: Callback, milliseconds = 0, ...values: unknown[]): VirtualTimer =>
    new VirtualTimer(time, milliseconds, true, () => callback(...values))
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.close()
  }
  const forget = (immediate: unknown): void => {
    pending.delete(immediate)
    time.pendingImmediates = pending.size
  }

  Object.assign(globalThis, {
    setTimeout: setVirtualTimeout,
    setInterval: setVirtualInterval,
    clearTimeout: clear,
    clearInterval: clear,
    setImmediate(callback: Callback, ...values: unknown[]) {
      const immediate = setImmediate(() => {
        forget(immediate)
        callback(...values)
      })
      pending.add(immediate)
      time.pendingImmediates = pending.size
      return immediate
    },
    clearImmediate(immediate: NodeJS.Immediate | undefined) {
      clearImmediate(immediate)
      forget(immediate)
    },
  })
  Date.now = () => startMs + Math.floor(time.now())
  Object.defineProperty(performance, 'now', { value: () => time.now() })
  AbortSignal.timeout = (milliseconds) => {
    const controller = new AbortController()
    time.after(milliseconds, () => controller.abort(new DOMException('The operation timed out', 'TimeoutError')))
    return controller.signal
  }
}

type Callback = (...values: unknown[]) => void

/** What `setTimeout` and `setInterval` give in Node. */
class VirtualTimer {
  readonly #time: VirtualTime
  readonly #milliseconds: number
  readonly #run: () => void
  #timer: QueuedTimer

  constructor(time: VirtualTime, milliseconds: number, isRepeated: boolean, callback: () => void) {
    this.#time = time
    // As in Node, where 1 ms is the shortest.
    this.#milliseconds = milliseconds >= 1 && milliseconds < 2 ** 31 ? milliseconds : 1
    this.#run = () => {
      this.#timer.isCancelled = !isRepeated
      if (isRepeated) this.#timer = time.add(this.#milliseconds, this.#run)
      callback()
    }
    this.#timer = time.add(this.#milliseconds, this.#run)
  }

  refresh(): this {
    const dueAtMs = this.#time.now() + this.#milliseconds
    if (this.#timer.isCancelled) this.#timer = this.#time.add(this.#milliseconds, this.#run)
    else this.#timer.dueAtMs = dueAtMs
    return this
  }

  close(): this {
    this.#timer.isCancelled = true
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return false
  }
}
