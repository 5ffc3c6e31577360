/** Options as data: one table of a command both reads its arguments and writes its help. */
import { HypervisionError } from '@hypervision/core/contracts'

/** One option. `Value` is what it comes to, given or not. */
export interface Option<Value> {
  /** Whether a value follows: never, always, or where the next argument can be one. */
  readonly takes: 'nothing' | 'value' | 'optional value'
  /** What stands for the value in the help: `HOST:PORT`. Empty where there is none. */
  readonly placeholder: string
  readonly help: string
  readonly isRepeatable: boolean
  /** Value of an option that is not given. */
  readonly initial: Value
  /**
   * Value after one more occurrence.
   *
   * @param text what follows the option; null where nothing does
   * @param before value so far
   * @throws Error with the rule that `text` breaks, as the end of "--name must be …"
   */
  read(text: string | null, before: Value): Value
}

/** The options of a command under their names, without the two hyphens. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>

/** What the options of a table come to. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer Value> ? Value : never
}

/** Reads the text of a value; throws an Error whose message is the rule that the text breaks. */
export type ReadText<Value> = (text: string) => Value

/** An option that is on or off. */
export function flag(help: string): Option<boolean> {
  return { takes: 'nothing', placeholder: '', help, isRepeatable: false, initial: false, read: () => true }
}

/** An option with a value; undefined where it is not given. */
export function value<Value>(placeholder: string, help: string, read: ReadText<Value>): Option<Value | undefined> {
  return {
    takes: 'value',
    placeholder,
    help,
    isRepeatable: false,
    initial: undefined,
    read: (text) => read(text ?? ''),
  }
}

/** An option with a value that has a default. */
export function valueOr<Value>(
  placeholder: string,
  initial: Value,
  help: string,
  read: ReadText<Value>,
): Option<Value> {
  return { takes: 'value', placeholder, help, isRepeatable: false, initial, read: (text) => read(text ?? '') }
}

/** An option that can stand alone; undefined where it is not given. */
export function optionalValue<Value, Bare>(
  placeholder: string,
  bare: Bare,
  help: string,
  read: ReadText<Value>,
): Option<Value | Bare | undefined> {
  return {
    takes: 'optional value',
    placeholder,
    help,
    isRepeatable: false,
    initial: undefined,
    read: (text) => (text === null ? bare : read(text)),
  }
}

/** An option that may be given several times. */
export function list<Value>(placeholder: string, help: string, read: ReadText<Value>): Option<readonly Value[]> {
  return {
    takes: 'value',
    placeholder,
    help,
    isRepeatable: true,
    initial: [],
    read: (text, before) => [...before, read(text ?? '')],
  }
}

/** Makes the error for arguments that cannot be used; the process ends with exit code 2 for it. */
export function usageError(message: string, detail?: Readonly<Record<string, unknown>>): HypervisionError {
  return new HypervisionError('ERR_OPTION_INVALID', message, { detail })
}
