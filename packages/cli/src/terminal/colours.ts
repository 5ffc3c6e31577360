/** Colours where there is a terminal that wants them. */
import type { TerminalStream } from './live-line.ts'

/** What colours stand for. */
export type Tone = 'bad' | 'warning'

const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  bad: [31, 39],
  warning: [33, 39],
}

/** Puts text into a tone. */
export type Paint = (tone: Tone, text: string) => string

/** The painter for a stream: plain text unless it is a terminal, `NO_COLOR` is unset and `TERM` is not `dumb`. */
export function painterFor(stream: TerminalStream, env: NodeJS.ProcessEnv): Paint {
  if (stream.isTTY !== true || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return (_tone, text) => text
  return (tone, text) => {
    const [on, off] = codes[tone]
    return `\u001b[${on}m${text}\u001b[${off}m`
  }
}
