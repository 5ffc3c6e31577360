// One table of the element ids that the reader and the writers know, under the names of RFC 8794 and RFC 9559.

/**
 * EBML and Matroska element ids with their length marker, as they stand in the bytes.
 *
 * Source: RFC 8794 (EBML), RFC 9559 (Matroska), the WebM container guidelines.
 */
export const elementIds = {
  EBML: 0x1a45dfa3,
  EBMLReadVersion: 0x42f7,
  EBMLMaxIDLength: 0x42f2,
  EBMLMaxSizeLength: 0x42f3,
  DocType: 0x4282,
  Void: 0xec,
  CRC32: 0xbf,
  Segment: 0x18538067,
  SeekHead: 0x114d9b74,
  Seek: 0x4dbb,
  SeekID: 0x53ab,
  SeekPosition: 0x53ac,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Duration: 0x4489,
  DateUTC: 0x4461,
  Title: 0x7ba9,
  MuxingApp: 0x4d80,
  WritingApp: 0x5741,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackUID: 0x73c5,
  TrackType: 0x83,
  CodecID: 0x86,
  CodecPrivate: 0x63a2,
  Video: 0xe0,
  PixelWidth: 0xb0,
  PixelHeight: 0xba,
  Colour: 0x55b0,
  BitsPerChannel: 0x55b2,
  Audio: 0xe1,
  SamplingFrequency: 0xb5,
  Channels: 0x9f,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  Position: 0xa7,
  PrevSize: 0xab,
  SimpleBlock: 0xa3,
  BlockGroup: 0xa0,
  Block: 0xa1,
  BlockDuration: 0x9b,
  ReferenceBlock: 0xfb,
  DiscardPadding: 0x75a2,
  Cues: 0x1c53bb6b,
  CuePoint: 0xbb,
  CueTime: 0xb3,
  CueTrackPositions: 0xb7,
  CueTrack: 0xf7,
  CueClusterPosition: 0xf1,
  Chapters: 0x1043a770,
  Tags: 0x1254c367,
  Attachments: 0x1941a469,
} as const

const names = new Map<number, string>(Object.entries(elementIds).map(([name, id]) => [id, name]))

/** Names an element for a message: `SimpleBlock`, or `element 0x4DBC` where the table does not have it. */
export function elementName(id: number): string {
  return names.get(id) ?? `element 0x${id.toString(16).toUpperCase()}`
}

const segmentChildren = new Set<number>([
  elementIds.SeekHead,
  elementIds.Info,
  elementIds.Tracks,
  elementIds.Cluster,
  elementIds.Cues,
  elementIds.Chapters,
  elementIds.Tags,
  elementIds.Attachments,
])

/** Whether this id stands directly in a Segment, and so ends a Cluster of unknown size. */
export function isSegmentChild(id: number): boolean {
  // Ids of this level have four bytes, those of frames have one: this is asked for every frame.
  return id > 0xffffff && segmentChildren.has(id)
}

/** Whether this id stands at the top of a document, and so ends a Segment of unknown size. */
export function isDocumentChild(id: number): boolean {
  return id === elementIds.EBML || id === elementIds.Segment
}
