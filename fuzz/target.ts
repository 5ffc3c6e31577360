/**
 * What a parser is to the fuzzer. A target lies beside its package in `test/fuzz/NAME.fuzz.ts`, exports `const target: FuzzTarget`, and has its
 * corpus in `fuzz/corpus/NAME/`.
 */
export interface FuzzTarget {
  /** The word after `pnpm fuzz`; the same as the file. */
  readonly name: string
  /** Pieces of input that mean something; what the sources compare with is taken from there. */
  readonly words?: readonly (string | readonly number[])[]
  /** @default 2048 */
  readonly maxInputBytes?: number
  /** Inputs that are made rather than stored, because they are signed or encrypted anew. */
  seeds?(): readonly Uint8Array[]
  /** Makes what every input is run through. */
  prepare(): FuzzRun | Promise<FuzzRun>
}

/** Runs one input. What it throws is a finding, so it catches what the parser may throw, and throws where an expectation does not hold. */
export type FuzzRun = (input: Uint8Array) => void

/** The words of a target as bytes. */
export function wordsOf({ words = [] }: FuzzTarget): Uint8Array[] {
  return words.map((word) => (typeof word === 'string' ? new TextEncoder().encode(word) : Uint8Array.from(word)))
}

/** Runs a parser; undefined where it refused the input as it may, by an error that `isRefusal` knows. */
export function attempt<Value>(isRefusal: (error: unknown) => boolean, parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** Throws where something that has to hold does not. */
export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}
