// One function per contender: it takes all chunks and answers how many blocks it found, so that none can skip the work.
// The cutter reads and writes: WebM in, WebM out, no payload touched. Libraries that can do that are measured at it, by
// their own means. All of them are measured at reading alone too, beside the reader that the cutter is built on.
import { once } from 'node:events'
import { WebmCutter, type WebmPiece } from '@hypervision/core/webm'
import { Decoder } from 'ebml'
import { EbmlStreamDecoder, EbmlStreamEncoder, EbmlTagId } from 'ebml-stream'
import {
  Conversion,
  EncodedPacketSink,
  Input,
  type InputTrack,
  Output,
  ReadableStreamSource,
  StreamTarget,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny'
import tsEbml from 'ts-ebml'
import { WebmReader } from '../../packages/core/src/webm/webm-reader.ts'

/** Reads chunks of 64 KiB, each in an ArrayBuffer of its own; `onChunk` is called before each of them. */
type Parser = (chunks: readonly Uint8Array<ArrayBuffer>[], onChunk: () => void) => Promise<number> | number

const readerLimits = { maxInitBytes: 1e6, maxFrameBytes: 16e6 }
const clusterId = Buffer.from([0x1f, 0x43, 0xb6, 0x75])

/** By the name of their row. */
export const parsers = {
  cutter(chunks, onChunk) {
    const cutter = new WebmCutter()
    let frames = 0
    const take = (pieces: readonly WebmPiece[]) => {
      for (const piece of pieces) if (piece.kind === 'cluster') frames += piece.frames
    }
    for (const chunk of chunks) {
      onChunk()
      take(cutter.push(chunk))
    }
    take(cutter.end())
    return frames
  },

  // The cutter's own reader, without the cutting and the writing: what the libraries' rows for reading are held against.
  reader(chunks, onChunk) {
    let frames = 0
    const reader = new WebmReader({ onHeader: () => {}, onFrame: () => void frames++ }, readerLimits)
    for (const chunk of chunks) {
      onChunk()
      reader.push(chunk)
    }
    reader.end()
    return frames
  },

  // Finds where Clusters begin, and nothing else; 4 bytes are carried over a chunk's end.
  'indexOf scan'(chunks, onChunk) {
    let clusters = 0
    let carried = Buffer.alloc(0)
    for (const chunk of chunks) {
      onChunk()
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      if (Buffer.concat([carried, bytes.subarray(0, 3)]).includes(clusterId)) clusters++
      for (let at = bytes.indexOf(clusterId); at >= 0; at = bytes.indexOf(clusterId, at + 4)) clusters++
      carried = bytes.subarray(-3)
    }
    return clusters
  },

  // What no cutter can do without: every byte goes once into a piece of the size that the cutter makes.
  'copy only'(chunks, onChunk) {
    let pieces = 0
    let piece = new Uint8Array(32_768)
    let used = 0
    for (const chunk of chunks) {
      onChunk()
      for (let at = 0; at < chunk.length; ) {
        const count = Math.min(chunk.length - at, piece.length - used)
        piece.set(chunk.subarray(at, at + count), used)
        used += count
        at += count
        if (used < piece.length) continue
        piece = new Uint8Array(32_768)
        used = 0
        pieces++
      }
    }
    return pieces
  },

  async 'mediabunny, read'(chunks, onChunk) {
    const input = mediabunnyInput(chunks, onChunk)
    let packets = 0
    const read = async (track: InputTrack | null) => {
      if (track === null) return
      for await (const _ of new EncodedPacketSink(track).packets()) packets++
    }
    const tracks = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()]
    await Promise.all(tracks.map(read))
    return packets
  },

  async 'mediabunny, read and write'(chunks, onChunk) {
    let clusters = 0
    const format = new WebMOutputFormat({
      appendOnly: true,
      minimumClusterDuration: 0.1,
      onCluster: () => {
        clusters++
      },
    })
    const output = new Output({ format, target: new StreamTarget(new WritableStream()) })
    const conversion = await Conversion.init({ input: mediabunnyInput(chunks, onChunk), output, showWarnings: false })
    await conversion.execute()
    return clusters
  },

  async 'ebml-stream, read'(chunks, onChunk) {
    const decoder = new EbmlStreamDecoder()
    let blocks = 0
    decoder.on('data', (tag: { id: number }) => {
      if (tag.id === EbmlTagId.SimpleBlock || tag.id === EbmlTagId.Block) blocks++
    })
    await writeAll(decoder, chunks, onChunk)
    return blocks
  },

  async 'ebml-stream, read and write'(chunks, onChunk) {
    const decoder = new EbmlStreamDecoder()
    const encoder = new EbmlStreamEncoder()
    let blocks = 0
    decoder.on('data', (tag: { id: number }) => {
      if (tag.id === EbmlTagId.SimpleBlock || tag.id === EbmlTagId.Block) blocks++
    })
    decoder.pipe(encoder).resume()
    const written = once(encoder, 'end')
    await writeAll(decoder, chunks, onChunk)
    await written
    return blocks
  },

  'ts-ebml, read'(chunks, onChunk) {
    const decoder = new tsEbml.Decoder()
    let blocks = 0
    for (const chunk of chunks) {
      onChunk()
      for (const { name } of decoder.decode(chunk.buffer)) if (name === 'SimpleBlock' || name === 'Block') blocks++
    }
    return blocks
  },

  'ts-ebml, read and write'(chunks, onChunk) {
    const decoder = new tsEbml.Decoder()
    const encoder = new tsEbml.Encoder()
    let blocks = 0
    for (const chunk of chunks) {
      onChunk()
      const elements = decoder.decode(chunk.buffer)
      for (const { name } of elements) if (name === 'SimpleBlock' || name === 'Block') blocks++
      encoder.encode(elements)
    }
    return blocks
  },

  async 'ebml, read'(chunks, onChunk) {
    const decoder = new Decoder()
    let blocks = 0
    decoder.on('data', ([event, { name }]) => {
      if (event === 'tag' && (name === 'SimpleBlock' || name === 'Block')) blocks++
    })
    await writeAll(decoder, chunks, onChunk)
    return blocks
  },
} as const satisfies Record<string, Parser>

export type ParserName = keyof typeof parsers

export const parserNames = Object.keys(parsers) as ParserName[]

function mediabunnyInput(chunks: readonly Uint8Array<ArrayBuffer>[], onChunk: () => void): Input {
  let next = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[next++]
        if (chunk === undefined) return controller.close()
        onChunk()
        controller.enqueue(chunk)
      },
    },
    { highWaterMark: 1 },
  )
  return new Input({ source: new ReadableStreamSource(stream), formats: [WEBM] })
}

async function writeAll(
  decoder: NodeJS.ReadWriteStream,
  chunks: readonly Uint8Array<ArrayBuffer>[],
  onChunk: () => void,
): Promise<void> {
  for (const chunk of chunks) {
    onChunk()
    if (!decoder.write(Buffer.from(chunk.buffer))) await once(decoder, 'drain')
  }
  decoder.end()
  await once(decoder, 'end')
}
