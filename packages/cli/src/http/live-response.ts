/** Answers a request for the stream. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { LiveClient, LiveHub } from './live-hub.ts'

/** A client that takes nothing for so long is gone, or paused for good. */
const stallMs = 30_000

/** Sends the stream from the newest keyframe on until it ends, or the client goes or stalls. */
export async function sendLiveStream(hub: LiveHub, response: ServerResponse): Promise<void> {
  const client = hub.join()
  response.on('close', () => client.leave())
  // The head goes out now: players show that they are connected while they wait for the first keyframe.
  response.flushHeaders()
  await pour(client, response)
  response.end()
}

async function pour(client: LiveClient, response: ServerResponse): Promise<void> {
  for (let bytes = await client.next(); bytes !== null; bytes = await client.next()) {
    if (response.destroyed) return
    if (!response.write(bytes)) await drained(response, stallMs)
  }
}

/** Resolves when a response can take more, or is closed; after `patienceMs` it is closed. */
export async function drained(response: ServerResponse, patienceMs: number): Promise<void> {
  const waiting = new AbortController()
  const timer = setTimeout(() => response.destroy(), patienceMs)
  const { signal } = waiting
  try {
    // A response that was closed never drains.
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
  } finally {
    clearTimeout(timer)
    waiting.abort()
  }
}
