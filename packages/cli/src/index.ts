/** The command line of hypervision: reads the arguments, runs the command, and turns its end into an exit code. */
import { HypervisionError } from '@hypervision/core/contracts'
import { commands } from './commands/commands.ts'
import { commandHelp, programHelp } from './options/help.ts'
import { usageError } from './options/option.ts'
import { suggest } from './options/suggest.ts'
import { version } from './package-files.ts'
import { listenForInterrupts } from './terminal/interrupt.ts'
import { jsonReporter, type Reporter, textReporter } from './terminal/reporter.ts'

/** `done`: a clean end. `failed`: an error at work. `usage`: arguments that cannot be used. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/**
 * Runs one command line to its end. It writes to this process's stdout and stderr, ends cleanly at the first SIGINT,
 * SIGTERM or SIGHUP, and ends the process with exit code 130 at the second.
 *
 * @param args what stands behind the program's name
 * @returns the exit code: 0 for a clean end, 1 for a failure, 2 for arguments that cannot be used
 */
export async function main(args: readonly string[]): Promise<number> {
  const streams = { stdout: process.stdout, stderr: process.stderr, env: process.env }
  const ending = new AbortController()
  const stopListening = listenForInterrupts(process, () => ending.abort())
  // Whoever read our output has gone: there is nobody left to work for.
  const onbroken = (): void => ending.abort()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onbroken)
  let reporter: Reporter = textReporter(streams)
  try {
    const wanted = readCommandLine(args)
    if ('text' in wanted) {
      process[wanted.stream].write(wanted.text)
      return wanted.exitCode
    }
    const { prepared } = wanted
    if (prepared.isJson) {
      reporter = jsonReporter(prepared.hasMediaOnStdout ? process.stderr : process.stdout, process.env)
    }
    await prepared.run({ reporter, signal: ending.signal, env: process.env })
    return exitCodes.done
  } catch (error) {
    if (ending.signal.aborted && error === ending.signal.reason) return exitCodes.done
    reporter.error(error)
    const isUsage = error instanceof HypervisionError && error.code.startsWith('ERR_OPTION_')
    if (isUsage && !args.includes('--json')) process.stderr.write(`${whereHelpIs(args)}\n`)
    return isUsage ? exitCodes.usage : exitCodes.failed
  } finally {
    reporter.finish()
    stopListening()
  }
}

type CommandLine =
  | { readonly text: string; readonly stream: 'stdout' | 'stderr'; readonly exitCode: number }
  | { readonly prepared: ReturnType<(typeof commands)[number]['prepare']> }

function readCommandLine(args: readonly string[]): CommandLine {
  const [name, ...rest] = args
  const { columns } = process.stdout
  if (name === undefined) {
    return { text: programHelp(commands, process.stderr.columns), stream: 'stderr', exitCode: exitCodes.usage }
  }
  const command = commands.find((one) => one.name === name)
  if (command === undefined) {
    if (name === '--version' || name === '-v') return { text: `${version()}\n`, stream: 'stdout', exitCode: 0 }
    const asked = name === 'help' ? commands.find((one) => one.name === rest[0]) : undefined
    if (asked !== undefined) return { text: commandHelp(asked, columns), stream: 'stdout', exitCode: 0 }
    if (isHelp(name) || name === 'help') return { text: programHelp(commands, columns), stream: 'stdout', exitCode: 0 }
    throw unknownCommand(name)
  }
  const end = rest.indexOf('--')
  if ((end === -1 ? rest : rest.slice(0, end)).some(isHelp)) {
    return { text: commandHelp(command, columns), stream: 'stdout', exitCode: 0 }
  }
  return { prepared: command.prepare(rest) }
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}

function unknownCommand(name: string): HypervisionError {
  const names = commands.map((one) => one.name)
  const meant = suggest(name, names)
  const hint = meant === undefined ? `Commands: ${names.join(', ')}.` : `Did you mean ${meant}?`
  return usageError(`There is no ${name.startsWith('-') ? 'option' : 'command'} ${name}. ${hint}`)
}

function whereHelpIs(args: readonly string[]): string {
  const command = commands.find((one) => one.name === args[0])
  return `See hypervision ${command === undefined ? '' : `${command.name} `}--help`
}
