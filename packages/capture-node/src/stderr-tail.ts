/** The last lines of a child's standard error, for messages: bounded, however much it says, and without passwords. */
import type { Readable } from 'node:stream'
import { withoutSecrets } from './ffmpeg-input.ts'

const mostLines = 20
const mostCharacters = 500

/** Keeps the last twenty lines, each cut at 500 characters. */
export class StderrTail {
  readonly #lines: string[] = []
  #open = ''

  constructor(stderr: Readable) {
    stderr.setEncoding('utf8')
    stderr.on('data', (text: string) => this.#add(text))
  }

  /** The lines so far, the oldest first. */
  get lines(): string[] {
    const open = this.#open.trim()
    return (open === '' ? this.#lines : [...this.#lines, open]).map(withoutSecrets)
  }

  #add(text: string): void {
    const parts = (this.#open + text).split(/[\r\n]+/)
    this.#open = (parts.pop() ?? '').slice(-mostCharacters)
    for (const part of parts) if (part.trim() !== '') this.#lines.push(part.trim().slice(0, mostCharacters))
    this.#lines.splice(0, Math.max(0, this.#lines.length - mostLines))
  }
}
