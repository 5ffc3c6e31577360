// Builds WebM by hand, so that tests can make what no encoder makes. Knows nothing of the code under test.

type Bytes = Uint8Array | readonly number[]

/** Joins pieces of bytes. */
export function join(...parts: readonly Bytes[]): Buffer {
  return Buffer.concat(parts.map((part) => Uint8Array.from(part)))
}

function idBytes(id: number): number[] {
  const bytes: number[] = []
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return bytes
}

/** A size of `width` bytes. */
function sizeBytes(size: number, width: number): number[] {
  const bytes = new Array<number>(width).fill(0)
  let rest = size
  for (let at = width - 1; at >= 0; at--) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes[0] = (bytes[0] ?? 0) | (0x100 >> width)
  return bytes
}

/** The all-ones size of `width` bytes. */
function unknownSizeBytes(width: number): number[] {
  return [(0x200 >> width) - 1, ...new Array<number>(width - 1).fill(0xff)].map((byte) => byte & 0xff)
}

/** An element of known size; the size takes 4 bytes unless `width` says otherwise. */
export function element(id: number, data: Bytes, width = 4): Buffer {
  return join(idBytes(id), sizeBytes(data.length, width), data)
}

/** An element of unknown size. */
export function openElement(id: number, width: number, ...children: readonly Bytes[]): Buffer {
  return join(idBytes(id), unknownSizeBytes(width), ...children)
}

export function uint(id: number, value: number, length = 0): Buffer {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length < Math.max(1, length); rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256)
  }
  return element(id, bytes, 1)
}

export function text(id: number, value: string): Buffer {
  return element(id, Buffer.from(value), 2)
}

export function ebmlHeader({ docType = 'webm', readVersion = 1 } = {}): Buffer {
  return element(
    0x1a45dfa3,
    join(uint(0x4286, 1), uint(0x42f7, readVersion), uint(0x42f2, 4), uint(0x42f3, 8), text(0x4282, docType)),
  )
}

export function info({ timestampScale = 1_000_000 } = {}): Buffer {
  return element(0x1549a966, join(uint(0x2ad7b1, timestampScale), text(0x4d80, 'by hand')))
}

export interface TrackOptions {
  readonly number: number
  readonly type?: number
  readonly codecId?: string
  readonly extra?: Bytes
}

export function trackEntry({ number, type = 1, codecId = 'V_VP8', extra = [] }: TrackOptions): Buffer {
  return element(0xae, join(uint(0xd7, number), uint(0x73c5, number), uint(0x83, type), text(0x86, codecId), extra))
}

export function videoTrack(number = 1): Buffer {
  return trackEntry({ number, extra: element(0xe0, join(uint(0xb0, 320), uint(0xba, 240))) })
}

export function audioTrack(number = 2): Buffer {
  const rate = new Uint8Array(8)
  new DataView(rate.buffer).setFloat64(0, 48_000)
  return trackEntry({
    number,
    type: 2,
    codecId: 'A_OPUS',
    extra: element(0xe1, join(element(0xb5, rate), uint(0x9f, 2))),
  })
}

export function tracks(...entries: readonly Bytes[]): Buffer {
  return element(0x1654ae6b, join(...entries))
}

export interface BlockOptions {
  readonly track?: number
  readonly relativeMs?: number
  readonly key?: boolean
  /** 0 none, 1 Xiph, 2 fixed size, 3 EBML. */
  readonly lacing?: number
  readonly payload?: Bytes
  readonly sizeWidth?: number
  /** Bytes of the track number. */
  readonly trackWidth?: number
}

function blockData(options: BlockOptions, flags: number): Buffer {
  const { track = 1, relativeMs = 0, lacing = 0, payload = [1, 2, 3], trackWidth = 1 } = options
  const relative = relativeMs & 0xffff
  return join(sizeBytes(track, trackWidth), [relative >> 8, relative & 0xff, flags | (lacing << 1)], payload)
}

export function simpleBlock(options: BlockOptions = {}): Buffer {
  return element(0xa3, blockData(options, options.key === true ? 0x80 : 0), options.sizeWidth ?? 4)
}

/** A keyframe of the first track. */
export const key = (relativeMs = 0, payload?: Bytes): Buffer => simpleBlock({ relativeMs, key: true, payload })

/** A frame of the first track that is no keyframe. */
export const delta = (relativeMs: number, payload?: Bytes): Buffer => simpleBlock({ relativeMs, payload })

/** A frame of the second track. */
export const sound = (relativeMs: number): Buffer => simpleBlock({ track: 2, relativeMs, key: true })

/** A BlockGroup; one that is not key has a ReferenceBlock. */
export function blockGroup(options: BlockOptions & { readonly extra?: Bytes } = {}): Buffer {
  const reference = options.key === true ? [] : element(0xfb, [0xdf], 1)
  const block = element(0xa1, blockData(options, 0), options.sizeWidth ?? 4)
  return element(0xa0, join(block, uint(0x9b, 20), reference, options.extra ?? []), options.sizeWidth ?? 4)
}

export function cluster(timestampMs: number, ...children: readonly Bytes[]): Buffer {
  return element(0x1f43b675, join(uint(0xe7, timestampMs), ...children))
}

export function openCluster(timestampMs: number, width: number, ...children: readonly Bytes[]): Buffer {
  return openElement(0x1f43b675, width, uint(0xe7, timestampMs), ...children)
}

/** An EBML header, and a Segment of unknown size that begins with Info and Tracks. */
export function stream(trackEntries: readonly Bytes[], ...children: readonly Bytes[]): Buffer {
  return join(ebmlHeader(), openElement(0x18538067, 8, info(), tracks(...trackEntries), ...children))
}

/** The same with a Segment of known size. */
export function file(trackEntries: readonly Bytes[], ...children: readonly Bytes[]): Buffer {
  return join(ebmlHeader(), element(0x18538067, join(info(), tracks(...trackEntries), ...children), 8))
}

export function voidElement(length: number): Buffer {
  return element(0xec, new Uint8Array(length))
}
