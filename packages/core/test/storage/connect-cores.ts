import type Hypercore from 'hypercore'
import { onTestFinished } from 'vitest'

/** Lets two cores replicate until the test is over, or what it returns is destroyed. */
export function connectCores(a: Hypercore, b: Hypercore): { destroy(): void } {
  const [left, right] = [a.replicate(true), b.replicate(false)]
  for (const stream of [left, right]) stream.on('error', () => {})
  left.pipe(right).pipe(left)
  onTestFinished(() => void left.destroy())
  return left
}
