/** How parsers may refuse what they are given. */
import { HypervisionError } from '../../src/contracts/index.ts'

/** By an error of ours with one of these codes. */
export function withCode(codes: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof HypervisionError && codes.test(error.code)
}

/** Protomux takes a plain Error for the peer's fault, and these for the program's own: it throws them past every handler. */
const ownFaults = [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]

/** By a plain Error, which costs a peer its connection. */
export function plainly(error: unknown): boolean {
  return error instanceof Error && !ownFaults.some((kind) => error instanceof kind)
}
