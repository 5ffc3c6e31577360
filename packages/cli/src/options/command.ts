/** What a command is: its place in the help, its arguments, and what it does. */
import type { Reporter } from '../terminal/reporter.ts'
import { type OptionTable, type OptionValues, usageError } from './option.ts'
import { parseArguments } from './parse-arguments.ts'

/** An argument that is no option. */
export interface Positional {
  /** `LINK`, `FILE|-` */
  readonly name: string
  readonly isRequired: boolean
  readonly help: string
}

/** What a command works with. */
export interface CommandContext {
  /** Says what goes on. */
  readonly reporter: Reporter
  /** Aborts when the command shall end: Ctrl-C, a signal, or nobody reads its output any more. */
  readonly signal: AbortSignal
  readonly env: NodeJS.ProcessEnv
}

/** What stands in the help about a command. */
export interface CommandDescription {
  readonly name: string
  /** One line. */
  readonly summary: string
  readonly positionals: readonly Positional[]
  readonly options: OptionTable
  /** Command lines without the program's name, and what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[]
}

/** A command whose options have types. */
export interface TypedCommand<Table extends OptionTable> extends CommandDescription {
  readonly options: Table
  /** Whether media goes to stdout, so that everything else has to go to stderr. */
  hasMediaOnStdout?(values: OptionValues<Table>): boolean
  run(context: CommandContext, values: OptionValues<Table>, positionals: readonly string[]): Promise<void>
}

/** A command that was given its arguments. */
export interface PreparedCommand {
  readonly isJson: boolean
  readonly hasMediaOnStdout: boolean
  run(context: CommandContext): Promise<void>
}

/** A command as the entry sees it. */
export interface Command extends CommandDescription {
  /** @throws HypervisionError ERR_OPTION_INVALID for arguments that it cannot use */
  prepare(args: readonly string[]): PreparedCommand
}

/** Makes a command out of its typed form. */
export function defineCommand<Table extends OptionTable>(command: TypedCommand<Table>): Command {
  return {
    ...command,
    prepare(args) {
      const { values, positionals } = parseArguments(command.options, args)
      checkPositionals(command, positionals)
      return {
        isJson: 'json' in values && values.json === true,
        hasMediaOnStdout: command.hasMediaOnStdout?.(values) ?? false,
        run: (context) => command.run(context, values, positionals),
      }
    },
  }
}

function checkPositionals({ name, positionals }: CommandDescription, found: readonly string[]): void {
  const missing = positionals.find((one, place) => one.isRequired && found[place] === undefined)
  if (missing !== undefined) throw usageError(`${name} needs ${missing.name}: ${missing.help}.`)
  if (found.length <= positionals.length) return
  const takes = positionals.length === 0 ? 'no argument' : positionals.map((one) => one.name).join(' ')
  throw usageError(`${name} takes ${takes} beside its options; "${found[positionals.length]}" is one too many.`)
}
