// A transport whose connections take longer, by the same time each way: what a round trip costs becomes what can be counted.
import type { Transport, TransportStream } from '@hypervision/core'

/** The ends of a connection's stream that bytes pass through; those of streamx. */
interface Ends {
  write(chunk: Uint8Array): boolean
  push(chunk: Uint8Array | null): boolean
}

/** Delays all that a connection of `transport` sends and receives, each by `delayMs`. */
export function slowed(transport: Transport, delayMs: number): Transport {
  return {
    name: transport.name,
    open: (options) =>
      transport.open({
        ...options,
        onconnection(connection) {
          delay(connection.stream, delayMs)
          options.onconnection(connection)
        },
      }),
  }
}

/** In place, since the stream of an encrypted connection is more than a duplex to those who use it. */
function delay(stream: TransportStream, delayMs: number): void {
  const ends = stream as TransportStream & Ends
  const write = ends.write.bind(ends)
  const push = ends.push.bind(ends)
  const later = (step: () => void): true => {
    // Timers of one length fire in the order in which they were set.
    setTimeout(() => {
      if (!stream.destroyed) step()
    }, delayMs)
    return true
  }
  ends.write = (chunk) => later(() => write(chunk))
  ends.push = (chunk) => later(() => push(chunk))
}
