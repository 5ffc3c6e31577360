/** Reads the arguments of a command by its option table; what does not fit is said with what to write instead. */
import { parseArgs } from 'node:util'
import { type Option, type OptionTable, type OptionValues, usageError } from './option.ts'
import { suggest } from './suggest.ts'

/** Arguments that were understood. */
export interface ParsedArguments<Table extends OptionTable> {
  readonly values: OptionValues<Table>
  /** What is no option, in order. */
  readonly positionals: readonly string[]
}

/**
 * Reads arguments. `--name value` and `--name=value` mean the same; `--` ends the options; `-` is no option.
 *
 * @throws HypervisionError ERR_OPTION_INVALID for an unknown option, or a value that is missing, not allowed or one too many
 */
export function parseArguments<Table extends OptionTable>(
  table: Table,
  args: readonly string[],
): ParsedArguments<Table> {
  const values = new Map<string, unknown>(Object.entries(table).map(([name, option]) => [name, option.initial]))
  const given = new Set<string>()
  const positionals: string[] = []
  // Lexed only: which option takes a value is for the table to say.
  const { tokens } = parseArgs({ args: [...args], options: {}, strict: false, allowPositionals: true, tokens: true })
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined || token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      positionals.push(token.value)
      continue
    }
    const option = Object.hasOwn(table, token.name) ? table[token.name] : undefined
    if (option === undefined || !token.rawName.startsWith('--')) throw unknownOption(token.rawName, table)
    if (given.has(token.name) && !option.isRepeatable) throw usageError(`--${token.name} is given twice.`)
    given.add(token.name)
    let text = token.value ?? null
    if (text !== null && option.takes === 'nothing') throw usageError(`--${token.name} takes no value.`)
    const next = tokens[at + 1]
    if (text === null && next?.kind === 'positional' && wants(option, next.value)) {
      text = next.value
      at++
    }
    if (text === null && option.takes === 'value') {
      throw usageError(`--${token.name} needs a value: --${token.name} ${option.placeholder}.`)
    }
    values.set(token.name, read(token.name, option, text, values.get(token.name)))
  }
  return { values: Object.fromEntries(values) as OptionValues<Table>, positionals }
}

/** Whether the next argument is an option's value. An optional one is taken where it can be read as one. */
function wants(option: Option<unknown>, text: string): boolean {
  if (option.takes !== 'optional value') return option.takes === 'value'
  try {
    option.read(text, option.initial)
    return true
  } catch {
    return false
  }
}

function read(name: string, option: Option<unknown>, text: string | null, before: unknown): unknown {
  try {
    return option.read(text, before)
  } catch (error) {
    const rule = error instanceof Error ? error.message : String(error)
    throw usageError(`--${name} must ${rule}; "${text}" was given.`, { option: name, value: text })
  }
}

function unknownOption(rawName: string, table: OptionTable) {
  const meant = suggest(rawName.replace(/^-+/, ''), Object.keys(table))
  const hint = meant === undefined ? '' : ` Did you mean --${meant}?`
  return usageError(`There is no option ${rawName}.${hint}`, { option: rawName })
}
