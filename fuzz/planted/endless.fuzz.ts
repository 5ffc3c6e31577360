// A length of zero that a parser does not get past.
import type { FuzzTarget } from '../target.ts'

export const target: FuzzTarget = { name: 'endless', maxInputBytes: 64, prepare: () => parse }

function parse(input: Uint8Array): void {
  for (let at = 0; at < input.byteLength; ) at += input[at] ?? 0
}
