/** The command line of hypervision: reads the arguments, runs the command, and turns its end into an exit code. */
import { HypervisionError } from '@hypervision/core/contracts'
import { commands } from './commands/commands.ts'
import { commandHelp, programHelp } from './options/help.ts'
import { usageError } from './options/option.ts'
import { suggest } from './options/suggest.ts'
import { version } from './package-files.ts'
import { interruptedExitCode, listenForInterrupts } from './terminal/interrupt.ts'
import { jsonReporter, type Reporter, textReporter } from './terminal/reporter.ts'

/**
 * `done`: a clean end. `failed`: an error at work. `usage`: arguments that cannot be used. `interrupted`: Ctrl-C before
 * the work was done, as shells know it.
 */
const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: interruptedExitCode } as const

/** An end that takes longer than this after Ctrl-C is explained. */
const explainEndAfterMs = 700
/** How long the rest of the output may take after Ctrl-C, and whatever else keeps a process alive in any case. */
const flushMs = 500

/**
 * Runs one command line to its end. It writes to this process's stdout and stderr, ends cleanly at the first SIGINT,
 * SIGTERM or SIGHUP, and ends the process with exit code 130 at the second.
 *
 * @param args what stands behind the program's name
 * @returns the exit code: 0 for a clean end, 1 for a failure, 2 for arguments that cannot be used, 130 for Ctrl-C before
 * the work was done
 */
export async function main(args: readonly string[]): Promise<number> {
  const ending = new AbortController()
  const { signal } = ending
  let reporter = reporterFor(args.includes('--json'), isMediaForStdout(args))
  let timer: NodeJS.Timeout | undefined
  const stopListening = listenForInterrupts(process, () => {
    timer = setTimeout(() => reporter.hint('Ending … Ctrl-C again ends at once.'), explainEndAfterMs)
    ending.abort(interruption)
  })
  // Whoever read our output has gone: there is nobody left to work for.
  const onbroken = (): void => ending.abort(outputClosed)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onbroken)
  try {
    const wanted = readCommandLine(args)
    if ('text' in wanted) {
      process[wanted.stream].write(wanted.text)
      return wanted.exitCode
    }
    const { prepared } = wanted
    reporter = reporterFor(prepared.isJson, prepared.hasMediaOnStdout)
    await prepared.run({ reporter, signal, env: process.env })
    return exitCodes.done
  } catch (error) {
    if (error === outputClosed) return exitCodes.done
    if (error === interruption) return exitCodes.interrupted
    reporter.error(error)
    const isUsage = error instanceof HypervisionError && error.code.startsWith('ERR_OPTION_')
    if (isUsage) reporter.hint(whereHelpIs(args))
    return isUsage ? exitCodes.usage : exitCodes.failed
  } finally {
    clearTimeout(timer)
    reporter.finish()
    stopListening()
    leaveSoon(signal)
  }
}

/** Why a command shall end; a command that was not done throws it. */
const interruption = new Error('interrupted')
const outputClosed = new Error('nobody reads the output any more')

/** Ends the process, where it does not end by itself: a slow reader of the output is waited for, unless Ctrl-C was. */
function leaveSoon(signal: AbortSignal): void {
  const timer = setInterval(() => {
    if (signal.aborted || process.stdout.writableLength === 0) process.exit()
  }, flushMs)
  timer.unref()
}

function reporterFor(isJson: boolean, hasMediaOnStdout: boolean): Reporter {
  const { stdout, stderr, env } = process
  return isJson ? jsonReporter(hasMediaOnStdout ? stderr : stdout, env) : textReporter({ stdout, stderr, env })
}

/** A guess, for arguments that cannot be read. */
function isMediaForStdout(args: readonly string[]): boolean {
  return args.some((argument, at) => argument === '--out=-' || (argument === '-' && args[at - 1] === '--out'))
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
    const [about] = rest
    if (name === 'help' && about !== undefined) return helpAbout(about)
    if (isHelp(name) || name === 'help') return { text: programHelp(commands, columns), stream: 'stdout', exitCode: 0 }
    throw unknownCommand(name)
  }
  const end = rest.indexOf('--')
  if ((end === -1 ? rest : rest.slice(0, end)).some(isHelp)) {
    return { text: commandHelp(command, columns), stream: 'stdout', exitCode: 0 }
  }
  return { prepared: command.prepare(rest) }
}

function helpAbout(name: string): CommandLine {
  const command = commands.find((one) => one.name === name)
  if (command === undefined) throw unknownCommand(name)
  return { text: commandHelp(command, process.stdout.columns), stream: 'stdout', exitCode: 0 }
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
