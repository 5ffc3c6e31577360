/** Answers a request for a recorded file: all of it or a range, at the speed at which it is taken. */
import type { ServerResponse } from 'node:http'
import type { RecordedFile } from '@hypervision/core'
import { type ByteRange, namesTag, readRange } from './byte-range.ts'
import { type ReadRequest, sendText } from './http-server.ts'
import { drained } from './live-response.ts'

/** A player that was paused takes nothing for a while; after so long it may ask again. */
const pauseMs = 300_000

/** Told of what goes out. */
export interface FileTraffic {
  sent(bytes: number): void
  /** What broke a response off. */
  failed(error: unknown): void
}

/** Sends what the request asks for. */
export function sendFile(
  file: RecordedFile,
  { headers, isHead }: ReadRequest,
  response: ServerResponse,
  traffic: FileTraffic,
): void {
  const { byteLength, tag } = file
  const etag = `"${tag}"`
  response.setHeader('etag', etag)
  response.setHeader('accept-ranges', 'bytes')
  response.setHeader('cache-control', 'private, no-cache')
  if (namesTag(headers['if-none-match'], etag)) return void response.writeHead(304).end()
  // A range of another file than the one that the client knows would be taken for a piece of it.
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag
  const range = isSame ? readRange(headers.range, byteLength) : null
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${byteLength}`)
    sendText(response, 416, `There are ${byteLength} bytes.\n`)
    return
  }
  const { start, end } = range ?? { start: 0, end: byteLength }
  if (range !== null) response.setHeader('content-range', `bytes ${start}-${end - 1}/${byteLength}`)
  response.writeHead(range === null ? 200 : 206, { 'content-type': 'video/webm', 'content-length': end - start })
  if (isHead) return void response.end()
  pour(file, { start, end }, response, traffic).catch((error: unknown) => {
    // The head has told the length: a connection that breaks says that this is not all.
    response.destroy()
    traffic.failed(error)
  })
}

async function pour(
  file: RecordedFile,
  { start, end }: ByteRange,
  response: ServerResponse,
  traffic: FileTraffic,
): Promise<void> {
  const leaving = new AbortController()
  response.on('close', () => leaving.abort())
  try {
    for await (const bytes of file.read(start, end, { signal: leaving.signal })) {
      if (response.destroyed) return
      traffic.sent(bytes.byteLength)
      if (!response.write(bytes)) await drained(response, pauseMs)
    }
    response.end()
  } catch (error) {
    if (!leaving.signal.aborted) throw error
  }
}
