/** Messages of a protocol as one target: the first byte of an input says which of them the others are. */
import { isDeepStrictEqual } from 'node:util'
import c, { type State } from 'compact-encoding'
import { attempt, demand, type FuzzRun } from '../../../../fuzz/target.ts'
import { plainly } from './refusals.ts'

interface Encoding {
  preencode(state: State, value: never): void
  encode(state: State, value: never): void
  decode(state: State): unknown
}

/** What can be read is written, and read again as the same; what cannot costs the connection and nothing else. */
export function roundTrip(encodings: readonly Encoding[]): FuzzRun {
  return (input) => {
    const encoding = encodings[(input[0] ?? 0) % encodings.length] as
      | (Encoding & Parameters<typeof c.encode>[0])
      | undefined
    if (encoding === undefined) return
    const message = input.subarray(1)
    const value = attempt(plainly, () => c.decode(encoding, message))
    if (value === undefined) return
    // A plain array again, as what is read is of the kind that it is read from.
    const written = Uint8Array.from(c.encode(encoding, value as never))
    demand(isDeepStrictEqual(c.decode(encoding, written), value), 'reads as something else once it was written again')
  }
}
