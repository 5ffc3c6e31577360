/** The help, written from the commands' own tables. */
import { wrapWords } from '../terminal/plain-text.ts'
import type { CommandDescription } from './command.ts'
import type { Option } from './option.ts'

const narrowest = 40
const widest = 100

/** Help of the whole program. */
export function programHelp(commands: readonly CommandDescription[], columns: number | undefined): string {
  const rows = commands.map((one) => [one.name, one.summary] as const)
  return [
    'hypervision: live video that viewers pass on to each other',
    '',
    'Usage: hypervision COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    'Commands',
    ...table(rows, columns),
    '',
    'Options',
    ...table(
      [
        ['--help', 'Help; hypervision COMMAND --help tells more'],
        ['--version', 'Version'],
      ],
      columns,
    ),
    '',
    'To try it',
    ...table(
      [
        ['hypervision broadcast --test-pattern', 'prints a link'],
        ['hypervision watch LINK --http', 'plays it in a browser, on any machine'],
      ],
      columns,
    ),
    '',
  ].join('\n')
}

/** Help of one command. */
export function commandHelp(command: CommandDescription, columns: number | undefined): string {
  const arguments_ = command.positionals.map((one) => (one.isRequired ? one.name : `[${one.name}]`))
  const options = Object.entries(command.options).map(([name, option]) => [optionSyntax(name, option), option.help])
  return [
    `hypervision ${command.name}: ${command.summary}`,
    '',
    `Usage: ${['hypervision', command.name, ...arguments_, '[OPTIONS]'].join(' ')}`,
    '',
    ...(command.positionals.length === 0
      ? []
      : [
          'Arguments',
          ...table(
            command.positionals.map((one) => [one.name, one.help] as const),
            columns,
          ),
          '',
        ]),
    'Options',
    ...table([...options, ['--help', 'This help']], columns),
    '',
    'Examples',
    ...command.examples.flatMap(([line, does]) => [`  # ${does}`, `  hypervision ${line}`]),
    '',
  ].join('\n')
}

/** `--rtmp [PORT]` */
function optionSyntax(name: string, option: Option<unknown>): string {
  if (option.takes === 'nothing') return `--${name}`
  return option.takes === 'value' ? `--${name} ${option.placeholder}` : `--${name} [${option.placeholder}]`
}

/** Two columns, the second one wrapped to the terminal. */
function table(rows: readonly (readonly string[])[], columns = 80): string[] {
  const left = Math.min(38, Math.max(...rows.map(([name = '']) => name.length)))
  const width = Math.min(widest, Math.max(narrowest, columns)) - left - 4
  const longestWord = Math.max(...rows.flatMap(([, text = '']) => text.split(' ').map((word) => word.length)))
  // Too narrow for two columns: each text stands below its name.
  const isStacked = width < Math.max(24, longestWord)
  return rows.flatMap(([name = '', text = '']) => {
    if (isStacked) return [`  ${name}`, ...wrapWords(text, width + left - 2).map((line) => `      ${line}`)]
    return wrapWords(text, width).map((line, at) => `  ${(at === 0 ? name : '').padEnd(left)}  ${line}`.trimEnd())
  })
}
