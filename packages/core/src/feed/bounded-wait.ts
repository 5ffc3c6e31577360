/**
 * Waits that end by themselves. `AbortSignal.any()` is no way to do it: its signals are remembered by those that they are made of for as long as
 * these live, and what it makes of `AbortSignal.timeout()` is held by nobody, so that it may be collected before it fires, and never does.
 */

/** Reason of the abort that ends a wait; nobody outside sees it. */
const enough = new Error('it was waited for long enough')

/**
 * Waits until it is told to give up; null where it was.
 *
 * @param arm begins to watch for a reason to give up; returns how to stop watching
 * @throws the signal's reason when it aborts
 */
export async function waitUnless<Value>(
  signal: AbortSignal,
  arm: (giveUp: () => void) => () => void,
  wait: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | null> {
  signal.throwIfAborted()
  const ending = new AbortController()
  const onabort = (): void => ending.abort(signal.reason)
  signal.addEventListener('abort', onabort)
  const disarm = arm(() => ending.abort(enough))
  try {
    return await wait(ending.signal)
  } catch (error) {
    if (error === enough) return null
    throw error
  } finally {
    disarm()
    signal.removeEventListener('abort', onabort)
  }
}

/** Waits for so long at the most, ms; null where that was not enough. */
export function waitWithin<Value>(
  patienceMs: number,
  signal: AbortSignal,
  wait: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | null> {
  const arm = (giveUp: () => void): (() => void) => {
    const timer = setTimeout(giveUp, patienceMs)
    return () => clearTimeout(timer)
  }
  return waitUnless(signal, arm, wait)
}
