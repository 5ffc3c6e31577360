// A parser that keeps what it was given.
import type { FuzzTarget } from '../target.ts'

const kept: Uint8Array[] = []

export const target: FuzzTarget = {
  name: 'hoarder',
  maxInputBytes: 64,
  prepare: () => (input) => void kept.push(new Uint8Array(32 * 1024).fill(input.byteLength)),
}
