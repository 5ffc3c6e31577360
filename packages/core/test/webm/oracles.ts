// What others say is in a WebM: the `ebml` package, ffprobe and ffmpeg. None of it shares code with ours.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Decoder, type EbmlEvent } from 'ebml'

/** A frame, whoever found it. */
export interface OracleFrame {
  readonly track: number
  readonly timestampMs: number
  readonly key: boolean
  readonly bytes: number
  readonly md5: string
}

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

/** Frames in stream order, by the `ebml` package. */
export async function framesByEbml(webm: Uint8Array): Promise<OracleFrame[]> {
  const decoder = new Decoder()
  const frames: OracleFrame[] = []
  let clusterMs = 0
  let group: { block: EbmlEvent[1] | null; hasReference: boolean } = { block: null, hasReference: false }
  const add = (tag: EbmlEvent[1], key: boolean) => {
    const timestampMs = clusterMs + Number(tag.value)
    frames.push({ track: tag.track, timestampMs, key, bytes: tag.payload.length, md5: md5(tag.payload) })
  }
  decoder.on('data', ([event, tag]) => {
    if (event === 'tag' && tag.name === 'Timecode') clusterMs = Number(tag.value)
    if (event === 'tag' && tag.name === 'SimpleBlock') add(tag, tag.keyframe)
    if (event === 'start' && tag.name === 'BlockGroup') group = { block: null, hasReference: false }
    if (event === 'tag' && tag.name === 'Block') group.block = tag
    if (event === 'tag' && tag.name === 'ReferenceBlock') group.hasReference = true
    if (event === 'end' && tag.name === 'BlockGroup' && group.block !== null) add(group.block, !group.hasReference)
  })
  decoder.end(webm)
  await once(decoder, 'end')
  return frames
}

/** A packet as ffprobe tells it. */
export interface ProbePacket {
  readonly stream_index: number
  readonly pts: number
  readonly size: string
  readonly flags: string
  readonly data_hash: string
}

/** Packets of a file in stream order, by ffprobe. */
export function packetsByFfprobe(path: string): ProbePacket[] {
  const entries = 'packet=stream_index,pts,size,flags,data_hash'
  const json = execFileSync(
    'ffprobe',
    ['-v', 'error', '-show_packets', '-show_data_hash', 'md5', '-show_entries', entries, '-of', 'json', path],
    { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' },
  )
  return (JSON.parse(json) as { packets: ProbePacket[] }).packets
}

/** What `ffmpeg -v error` has to say about decoding a file; an empty string is a clean bill. */
export function ffmpegComplaints(path: string): string {
  const { stderr, status } = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], { encoding: 'utf8' })
  return status === 0 ? stderr : `exit ${status}\n${stderr}`
}
