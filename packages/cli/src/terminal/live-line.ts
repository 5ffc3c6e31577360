/** The one line of a terminal that is drawn again and again, and what is printed above it. */

/** The part of a terminal's stream that is used. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** One figure of a line. */
export interface LineField {
  readonly text: string
  /** Fields with a smaller number stay longer where the terminal is narrow. */
  readonly rank: number
}

const separator = ' · '
const eraseLine = '\r\u001b[2K'

/**
 * Joins the fields that fit, in their order; those of the largest rank are left out first.
 *
 * @param columns longest line, at least 1
 */
export function fitLine(fields: readonly LineField[], columns: number): string {
  const kept = [...fields]
  for (;;) {
    const line = kept.map((field) => field.text).join(separator)
    if ([...line].length <= columns) return line
    if (kept.length <= 1) return `${[...line].slice(0, Math.max(0, columns - 1)).join('')}…`
    const least = kept.reduce((worst, field, at) => (field.rank >= (kept[worst]?.rank ?? 0) ? at : worst), 0)
    kept.splice(least, 1)
  }
}

/** A live line on a terminal; elsewhere it writes nothing. */
export class LiveLine {
  readonly #stream: TerminalStream
  #shown: readonly LineField[] | null = null

  constructor(stream: TerminalStream) {
    this.#stream = stream
  }

  /** Draws the line anew. The last column stays free: writing there makes some terminals wrap. */
  show(fields: readonly LineField[]): void {
    if (this.#stream.isTTY !== true) return
    this.#shown = fields
    this.#stream.write(`${eraseLine}${fitLine(fields, Math.max(1, (this.#stream.columns ?? 80) - 1))}`)
  }

  /** Prints text above the line. */
  print(text: string): void {
    if (this.#shown === null) return void this.#stream.write(`${text}\n`)
    this.#stream.write(`${eraseLine}${text}\n`)
    this.show(this.#shown)
  }

  /** Leaves the line as it is and goes on below it. */
  finish(): void {
    if (this.#shown !== null) this.#stream.write('\n')
    this.#shown = null
  }
}
