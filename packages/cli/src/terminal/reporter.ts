/** The one place through which commands speak: to people, or to programs with `--json`. */
import { HypervisionError } from '@hypervision/core/contracts'
import { painterFor, type Tone } from './colours.ts'
import { fitLine, type LineField, LiveLine, type TerminalStream } from './live-line.ts'
import { printable, wrapWords } from './plain-text.ts'

/** Plain data of an event. */
export type EventDetail = Readonly<Record<string, unknown>>

/** Says what goes on. */
export interface Reporter {
  /** What the command was asked for: `text` on stdout, or an event. */
  result(event: string, detail: EventDetail, text: string): void
  /** Something that happened: `text` on stderr, or an event. */
  note(event: string, detail: EventDetail, text: string): void
  /** A word to a person, on stderr; nothing to a program. */
  hint(text: string): void
  /** Something to look at, which the command goes on after. */
  warning(error: unknown): void
  /** Why the command fails. */
  error(error: unknown): void
  /** The figures of this second: the live line of a terminal, a plain line now and then elsewhere, or an event. */
  stats(detail: EventDetail, fields: readonly LineField[]): void
  /** Ends the live line. */
  finish(): void
}

/** What a reporter writes to. */
export interface ReporterStreams {
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
  readonly env: NodeJS.ProcessEnv
}

/** Every so many calls of `stats` are a line where stderr is no terminal. */
const plainLineEvery = 10

/** Makes the reporter for people: results on stdout, all else on stderr. */
export function textReporter({ stdout, stderr, env }: ReporterStreams): Reporter {
  const line = new LiveLine(stderr)
  const paint = painterFor(stderr, env)
  const print = (text: string): void => line.print(fitted(text, stderr))
  const printError = (error: unknown, kind: string, tone: Tone): void => {
    const head = `${kind}${error instanceof HypervisionError ? ` ${error.code}` : ''}:`
    const message = error instanceof Error ? error.message : String(error)
    // Painted after it was fitted: colours have no width.
    line.print(fitted(`${head} ${message}`, stderr).replace(head, paint(tone, head)) + stackOf(error, env))
  }
  let untilPlainLine = 0
  return {
    result(_event, _detail, text) {
      line.finish()
      stdout.write(`${printable(text)}\n`)
    },
    note: (_event, _detail, text) => print(text),
    hint: (text) => print(text),
    warning: (error) => printError(error, 'Warning', 'warning'),
    error: (error) => printError(error, 'Error', 'bad'),
    stats(_detail, fields) {
      if (stderr.isTTY === true) return line.show(fields)
      if (untilPlainLine-- > 0) return
      untilPlainLine = plainLineEvery - 1
      stderr.write(`${fitLine(fields, Number.POSITIVE_INFINITY)}\n`)
    },
    finish: () => line.finish(),
  }
}

/**
 * Makes the reporter for programs: one object a line, `event` first.
 *
 * @param stream stdout, or stderr where stdout carries media
 */
export function jsonReporter(stream: TerminalStream, env: NodeJS.ProcessEnv): Reporter {
  const write = (event: string, detail: EventDetail) => {
    stream.write(`${JSON.stringify({ event, ...detail })}\n`)
  }
  return {
    result: write,
    note: write,
    hint: () => {},
    warning: (error) => write('warning', errorDetail(error, env)),
    error: (error) => write('error', errorDetail(error, env)),
    stats: (detail) => write('stats', detail),
    finish: () => {},
  }
}

function errorDetail(error: unknown, env: NodeJS.ProcessEnv): EventDetail {
  const stack = isDebug(env) && error instanceof Error ? { stack: error.stack } : {}
  if (error instanceof HypervisionError) {
    return { code: error.code, message: error.message, detail: error.detail, ...stack }
  }
  return { code: null, message: error instanceof Error ? error.message : String(error), ...stack }
}

/** Text without what steers a terminal, broken into lines that fit the one that it is for. */
function fitted(text: string, { isTTY, columns = 80 }: TerminalStream): string {
  const lines = printable(text).split('\n')
  return (isTTY === true ? lines.flatMap((line) => wrapWords(line, columns)) : lines).join('\n')
}

function stackOf(error: unknown, env: NodeJS.ProcessEnv): string {
  return isDebug(env) && error instanceof Error ? `\n${error.stack}${causes(error)}` : ''
}

function causes(error: Error): string {
  return error.cause instanceof Error ? `\nCaused by ${error.cause.stack}${causes(error.cause)}` : ''
}

function isDebug(env: NodeJS.ProcessEnv): boolean {
  return (env.HYPERVISION_DEBUG ?? '') !== ''
}
