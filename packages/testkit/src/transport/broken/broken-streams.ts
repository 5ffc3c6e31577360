/** Transports whose streams lose, change or pile up bytes, or do not close as they should. */
import type { TransportStream } from '@hypervision/core/contracts'
import { type BrokenTransport, brokenTransport, changeEvent, changeStream } from './broken-transport.ts'

const intact = 'carries bytes intact both ways, however they are cut'
const holdingBack = 'holds its writer back when it is full, and lets it go on when it is not'
const destroying = 'closes once at both ends when one destroys its stream'
const slowReader = 'holds its writer back while nobody reads, and lets it go on when somebody does'

export const brokenStreams: readonly BrokenTransport[] = [
  brokenTransport({ rule: intact, flaw: 'changes a byte', complaint: 'changed on its way.' }, (memory) =>
    changeStream(memory, (stream) => eachChunk(stream, (chunk, at) => [at < 100_000 ? chunk : chunk.toReversed()])),
  ),
  brokenTransport({ rule: intact, flaw: 'gives bytes out twice', complaint: 'bytes arrived of' }, (memory) =>
    changeStream(memory, (stream) => eachChunk(stream, (chunk, at) => (at < 100_000 ? [chunk] : [chunk, chunk]))),
  ),
  brokenTransport({ rule: intact, flaw: 'loses bytes', complaint: 'for all bytes to arrive.' }, (memory) =>
    changeStream(memory, (stream) => eachChunk(stream, (chunk, at) => (at < 100_000 ? [chunk] : []))),
  ),
  brokenTransport(
    { rule: holdingBack, flaw: 'takes all that is written', complaint: 'write() went on to return true after' },
    (memory) =>
      changeStream(memory, (stream) => ({
        write(chunk) {
          stream.write(chunk)
          return true
        },
      })),
  ),
  brokenTransport(
    { rule: holdingBack, flaw: 'does not say when there is room again', complaint: 'for drain after write()' },
    (memory) => changeStream(memory, (stream) => changeEvent(stream, 'drain', () => {})),
  ),
  brokenTransport(
    {
      rule: 'lets its writer use a buffer again once the write is flushed',
      flaw: 'sends a chunk after it said that it is flushed',
      complaint: 'Bytes changed on their way when the writer used its buffer again.',
    },
    (memory) => changeStream(memory, sendLate),
  ),
  brokenTransport(
    {
      rule: 'closes once at both ends when both have ended, after the last byte',
      flaw: 'gives the connection up when one side has ended',
      complaint: 'for end at the other side.',
    },
    (memory) => changeStream(memory, (stream) => ({ end: () => stream.destroy() })),
  ),
  brokenTransport(
    { rule: destroying, flaw: 'closes twice', complaint: 'A stream emitted close more than once.' },
    (memory) =>
      changeStream(memory, (stream) =>
        changeEvent(stream, 'close', (listener) => {
          stream.on('close', listener)
          stream.on('close', listener)
        }),
      ),
  ),
  brokenTransport(
    { rule: destroying, flaw: 'does not tell the other end', complaint: 'for close at both ends.' },
    (memory) => changeStream(memory, () => ({ destroy: () => {} })),
  ),
  brokenTransport(
    {
      rule: slowReader,
      flaw: 'gathers without bound what nobody reads',
      complaint: 'bytes were taken while nobody read.',
    },
    (memory) => changeStream(memory, gather),
  ),
]

/** Replaces each chunk that arrives, knowing how many bytes came before. */
function eachChunk(
  stream: TransportStream,
  replace: (chunk: Uint8Array, at: number) => readonly Uint8Array[],
): Partial<TransportStream> {
  return changeEvent(stream, 'data', (listener) => {
    let at = 0
    stream.on('data', (chunk) => {
      for (const given of replace(chunk, at)) listener(given)
      at += chunk.byteLength
    })
  })
}

function sendLate(stream: TransportStream): Partial<TransportStream> {
  const drained: (() => void)[] = []
  return {
    ...changeEvent(stream, 'drain', (listener) => drained.push(listener)),
    write(chunk) {
      setTimeout(() => stream.write(chunk), 20)
      setTimeout(() => {
        for (const listener of drained) listener()
      }, 1)
      return false
    },
  }
}

function gather(stream: TransportStream): Partial<TransportStream> {
  const chunks: Uint8Array[] = []
  stream.on('data', (chunk) => chunks.push(chunk))
  return changeEvent(stream, 'data', (listener) => {
    for (const chunk of chunks.splice(0)) listener(chunk)
    stream.on('data', listener)
  })
}
