/** Reads a file's headers with the `ebml` package, which shares no code with our reader, and compares. */
import { open } from 'node:fs/promises'
import type { WebmTrack } from '@hypervision/core/webm'
import { Decoder, type EbmlEvent } from 'ebml'
import { printable } from '../terminal/plain-text.ts'

/** What the other reader says. */
export interface SecondOpinion {
  readonly reader: 'ebml 3.0.0'
  readonly docType: string | null
  readonly tracks: readonly ForeignTrack[]
  /** Where it finds something else than we do; empty when it agrees. */
  readonly disagreements: readonly string[]
}

interface ForeignTrack {
  number?: number
  codecId?: string
  width?: number
  height?: number
  sampleRate?: number
  channels?: number
}

const codecIds: Readonly<Record<WebmTrack['codec'], string>> = {
  vp8: 'V_VP8',
  vp9: 'V_VP9',
  av1: 'V_AV1',
  opus: 'A_OPUS',
  vorbis: 'A_VORBIS',
}

/** The headers stand at the beginning; this far they are looked for. */
const maxHeaderBytes = 1024 * 1024
/** What the file says is shown so far; it can say anything. */
const maxShown = 40

/** Asks for the second opinion on a file that our reader found `tracks` in. */
export async function secondOpinion(path: string, tracks: readonly WebmTrack[]): Promise<SecondOpinion> {
  return opinionOn(await firstBytes(path), tracks)
}

/** The same of its first bytes. Never throws. */
export function opinionOn(bytes: Buffer, tracks: readonly WebmTrack[]): SecondOpinion {
  const reader = 'ebml 3.0.0'
  try {
    const found = readHeaders(bytes)
    return { reader, ...found, disagreements: compare(found, tracks) }
  } catch (error) {
    const problem = shown(error instanceof Error ? error.message : error)
    return { reader, docType: null, tracks: [], disagreements: [`it cannot read the headers (${problem})`] }
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxHeaderBytes), 0, maxHeaderBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function readHeaders(bytes: Buffer): { docType: string | null; tracks: ForeignTrack[] } {
  let docType: string | null = null
  const tracks: ForeignTrack[] = []
  let isOver = false
  const onEvent = ([event, tag]: EbmlEvent): void => {
    if (tag.name === 'Cluster' || isOver) {
      // What comes after the first Cluster may be another epoch's.
      isOver = true
      return
    }
    if (event === 'start' && tag.name === 'TrackEntry') tracks.push({})
    if (event !== 'tag') return
    if (tag.name === 'DocType') docType = String(tag.value)
    const track = tracks.at(-1)
    if (track === undefined) return
    if (tag.name === 'TrackNumber') track.number = Number(tag.value)
    if (tag.name === 'CodecID') track.codecId = String(tag.value)
    if (tag.name === 'PixelWidth') track.width = Number(tag.value)
    if (tag.name === 'PixelHeight') track.height = Number(tag.value)
    if (tag.name === 'SamplingFrequency') track.sampleRate = Number(tag.value)
    if (tag.name === 'Channels') track.channels = Number(tag.value)
  }
  const decoder = new Decoder()
  decoder.on('data', onEvent)
  decoder.write(bytes)
  return { docType, tracks }
}

function compare(
  found: { docType: string | null; tracks: readonly ForeignTrack[] },
  ours: readonly WebmTrack[],
): string[] {
  const differences: string[] = []
  const differ = (what: string, theirs: unknown, mine: unknown) => {
    if (theirs !== mine) differences.push(`${what}: ebml reads ${shown(theirs)}, hypervision ${shown(mine)}`)
  }
  differ('DocType', found.docType, 'webm')
  differ('tracks', found.tracks.length, ours.length)
  for (const track of ours) {
    const other = found.tracks.find((one) => one.number === track.number)
    const name = `track ${track.number}`
    if (other === undefined) {
      differences.push(`${name}: ebml does not find it`)
      continue
    }
    differ(`${name}, codec`, other.codecId, codecIds[track.codec])
    if (track.kind === 'video')
      differ(`${name}, size`, `${other.width}x${other.height}`, `${track.width}x${track.height}`)
    // RFC 9559 has defaults for these two, which ebml leaves out.
    else
      differ(
        `${name}, sound`,
        `${other.sampleRate ?? 8000} Hz, ${other.channels ?? 1}`,
        `${track.sampleRate} Hz, ${track.channels}`,
      )
  }
  return differences
}

/** In one line that steers no terminal. */
function shown(value: unknown): string {
  const text = printable(String(value)).replaceAll('\n', ' ')
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
}
