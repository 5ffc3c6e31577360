// A fault behind four bytes, none of which is in the corpus: who only tries at random finds it once in 4 000 000 000 inputs.
import type { FuzzTarget } from '../target.ts'

export const target: FuzzTarget = { name: 'step-by-step', maxInputBytes: 64, prepare: () => parse }

function parse(input: Uint8Array): void {
  if (isByte(input[0], 3)) if (isByte(input[1], 44)) if (isByte(input[2], 97)) if (isByte(input[3], 12)) fail()
}

/** Compares in a way that no dictionary helps with. */
function isByte(byte: number | undefined, third: number): boolean {
  return byte === (third * 7 + 2) % 256
}

function fail(): never {
  throw new TypeError('the planted fault')
}
