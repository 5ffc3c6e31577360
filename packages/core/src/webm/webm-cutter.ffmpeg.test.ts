// Real media in, checked from outside: the `ebml` package, ffprobe and ffmpeg say what went in and what came out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, type CutResult, cutBytes } from '../../test/webm/cut-bytes.ts'
import { fixtureNames, makeFixture } from '../../test/webm/ffmpeg-fixtures.ts'
import { ffmpegComplaints, framesByEbml, type OracleFrame, packetsByFfprobe } from '../../test/webm/oracles.ts'
import { readCluster, readInitSegment } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-webm-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

const byTrack = (frames: readonly OracleFrame[]) => groupBy(frames, (frame) => frame.track)

describe.each(fixtureNames)('a stream from ffmpeg: %s', (name) => {
  let source: { path: string; bytes: Uint8Array }
  let whole: CutResult
  let outputPath: string

  beforeAll(() => {
    source = makeFixture(folder, name)
    whole = cutBytes(source.bytes)
    outputPath = `${source.path}.cut.webm`
    writeFileSync(outputPath, bytesOf(whole.pieces))
  })

  it('is cut to the end without an error, into one init segment and several Clusters', () => {
    expect(whole.error).toBeNull()
    expect(whole.truncatedAt).toBeNull()
    expect(whole.pieces.map((piece) => piece.kind)).toEqual(['init', ...whole.clusters.map(() => 'cluster')])
    expect(whole.clusters.length).toBeGreaterThan(10)
  })

  it('gives the same pieces in chunks of 1 byte, 1000 bytes and 64 KiB', () => {
    for (const chunkBytes of [1, 1000, 65_536]) {
      const again = cutBytes(source.bytes, {}, chunkBytes)
      expect(again.error).toBeNull()
      expect(again.pieces.length).toBe(whole.pieces.length)
      expect(bytesOf(again.pieces).equals(bytesOf(whole.pieces))).toBe(true)
    }
  })

  it('keeps every frame of every track, with its payload, order, key flag and time, as the ebml package sees it', async () => {
    const before = await framesByEbml(source.bytes)
    const after = await framesByEbml(bytesOf(whole.pieces))
    expect(before.length).toBeGreaterThan(80)
    expect(byTrack(after)).toEqual(byTrack(before))
    expect(whole.clusters.reduce((sum, cluster) => sum + cluster.frames, 0)).toBe(before.length)
  })

  it('has the packets that ffprobe finds in the source', () => {
    const packetsOf = (path: string) => groupBy(packetsByFfprobe(path), (packet) => packet.stream_index)
    expect(packetsOf(outputPath)).toEqual(packetsOf(source.path))
  })

  it('decodes without a word from ffmpeg', () => {
    expect(ffmpegComplaints(outputPath)).toBe('')
  })

  it('begins a block at every video keyframe and never spans more than the block duration', () => {
    const { tracks } = readInitSegment(whole.pieces[0]?.bytes ?? new Uint8Array(0))
    const videoTrack = tracks.find((track) => track.kind === 'video')?.number
    for (const cluster of whole.clusters) {
      const { frames, timestampMs } = readCluster(cluster.bytes)
      const video = frames.filter((frame) => frame.track === videoTrack)
      expect(video.slice(1).some((frame) => frame.key)).toBe(false)
      expect(cluster.key).toBe(videoTrack === undefined || video[0]?.key === true)
      expect(cluster.spanMs).toBeLessThan(100)
      expect(cluster.timestampMs).toBe(timestampMs)
      expect(Math.min(...frames.map((frame) => frame.timestampMs))).toBe(timestampMs)
      expect(frames.length).toBe(cluster.frames)
    }
  })

  it('has Cluster timestamps that rise', () => {
    const timestamps = whole.clusters.map((cluster) => cluster.timestampMs)
    expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b))
    expect(new Set(timestamps).size).toBe(timestamps.length)
  })
})

describe('streams of several recordings', () => {
  it('begins an epoch at each EBML header, one after the other on the timeline', async () => {
    const first = makeFixture(folder, 'vp8 and opus, Cues at the back')
    const second = makeFixture(folder, 'vp9 and opus, live, Clusters of 50 ms')
    const { pieces, clusters, error } = cutBytes(Buffer.concat([first.bytes, second.bytes, first.bytes]), {}, 4096)
    expect(error).toBeNull()
    expect(pieces.filter((piece) => piece.kind === 'init').map((init) => init.mimeType)).toEqual([
      'video/webm; codecs="vp8,opus"',
      'video/webm; codecs="vp09.00.10.08,opus"',
      'video/webm; codecs="vp8,opus"',
    ])
    const timestamps = clusters.map((cluster) => cluster.timestampMs)
    expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b))
    const hashes = async (bytes: Uint8Array) => (await framesByEbml(bytes)).map((frame) => frame.md5)
    expect((await hashes(bytesOf(clusters))).sort()).toEqual(
      [...(await hashes(first.bytes)), ...(await hashes(second.bytes)), ...(await hashes(first.bytes))].sort(),
    )
  })
})
