/** Server-sent events: what the page is told about the viewer, as it happens. */
import type { ServerResponse } from 'node:http'

/** A page that does not read loses its connection here, and asks again when it does. */
const maxWaitingBytes = 64 * 1024

/** Sends events to every page that listens. */
export class EventFeed {
  readonly #responses = new Set<ServerResponse>()
  #hasEnded = false

  /** Pages that listen. */
  get listeners(): number {
    return this.#responses.size
  }

  /** Begins to answer a page; `first` is told at once. */
  add(response: ServerResponse, first: unknown): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' })
    response.write(`retry: 1000\n${formatEvent(first)}`)
    if (this.#hasEnded) return void response.end()
    this.#responses.add(response)
    response.on('close', () => this.#responses.delete(response))
  }

  /** Tells all of them. */
  send(data: unknown): void {
    const text = formatEvent(data)
    for (const response of this.#responses) {
      if (response.writableLength > maxWaitingBytes) response.destroy()
      else response.write(text)
    }
  }

  /** Ends all of them, after what was sent. */
  end(): void {
    this.#hasEnded = true
    for (const response of this.#responses) response.end()
    this.#responses.clear()
  }
}

function formatEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
