/** What every conformance rule works with: events that come in time or not at all, and what the process holds. */

/** How long a rule waits. */
export interface RuleLimits {
  /** An event that did not come by then is missing, milliseconds. @default 15000 */
  readonly deadlineMs?: number
  /** For so long nothing must happen where nothing may happen, milliseconds. @default 250 */
  readonly quietMs?: number
}

/** Used where nothing else is said. */
export const defaultLimits: Required<RuleLimits> = { deadlineMs: 15_000, quietMs: 250 }

/** A rule that is broken; the message says what was done instead. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

/** One run of one rule. */
export class RuleRun {
  readonly limits: Required<RuleLimits>
  readonly #resources: () => readonly string[] | undefined

  /** @param resources names what the process holds, one entry per thing; undefined asks the process itself */
  constructor(limits: Required<RuleLimits>, resources: () => readonly string[] | undefined) {
    this.limits = limits
    this.#resources = resources
  }

  /** Waits for a condition. */
  async until(what: string, isMet: () => boolean, deadlineMs = this.limits.deadlineMs): Promise<void> {
    const last = performance.now() + deadlineMs
    while (!isMet()) {
      if (performance.now() > last) throw new RuleError(`Waited ${deadlineMs} ms for ${what}.`)
      await pause(5)
    }
  }

  /** Waits for a promise. */
  async soon<T>(what: string, promise: Promise<T>, deadlineMs = this.limits.deadlineMs): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RuleError(`Waited ${deadlineMs} ms for ${what}.`)), deadlineMs)
    })
    return Promise.race([promise, late]).finally(() => clearTimeout(timer))
  }

  /** Watches for the quiet time that something which may not happen does not. */
  async never(what: string, happens: () => boolean): Promise<void> {
    const last = performance.now() + this.limits.quietMs
    // On a machine so busy that the time is over at once there are still some turns in which it could happen.
    for (let looks = 0; looks < 10 || performance.now() < last; looks++) {
      if (happens()) throw new RuleError(what)
      await pause(5)
    }
  }

  /** Counts what the process holds. */
  resources(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const name of this.#resources() ?? activeResources()) counts.set(name, (counts.get(name) ?? 0) + 1)
    return counts
  }

  /** Waits until the process holds no more than before: other parts of it may have timers of their own that pass. */
  async freed(before: Map<string, number>): Promise<void> {
    let kept: string[] = []
    const isFreed = (): boolean => {
      kept = [...this.resources()].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name)
      return kept.length === 0
    }
    try {
      await this.until('what was opened to be freed', isFreed)
    } catch (error) {
      throw new RuleError(`${error instanceof Error ? error.message : error} Still held: ${kept.join(', ')}.`)
    }
  }
}

/** Checks what needs no waiting. */
export function demand(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new RuleError(otherwise)
}

/** Lets time pass. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function activeResources(): readonly string[] {
  return globalThis.process?.getActiveResourcesInfo?.() ?? []
}
