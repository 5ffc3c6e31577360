/** Ctrl-C and its kin: the first one asks for an end, the second one is the end. */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Exit code after a second signal, as shells know it for Ctrl-C. */
export const interruptedExitCode = 130

/** The part of `process` that is used. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
  exit(code: number): void
}

/**
 * Listens for signals.
 *
 * @param onfirst told of the first one
 * @returns how to stop listening
 */
export function listenForInterrupts(source: SignalSource, onfirst: () => void): () => void {
  let isSecond = false
  const listener = () => {
    if (isSecond) return source.exit(interruptedExitCode)
    isSecond = true
    onfirst()
  }
  for (const signal of signals) source.on(signal, listener)
  return () => {
    for (const signal of signals) source.off(signal, listener)
  }
}
