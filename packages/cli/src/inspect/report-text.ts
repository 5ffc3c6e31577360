/** Writes a report for a person. */
import type { WebmTrack } from '@hypervision/core/webm'
import { formatBitrate, formatBytes, formatCount, formatDuration, formatMilliseconds } from '../terminal/format.ts'
import type { InspectionReport, TrackReport } from './inspection.ts'
import type { SecondOpinion } from './second-opinion.ts'
import type { SpreadFigures } from './spread.ts'

/** Gaps that are listed one by one. */
const listedGaps = 10

/** The report as lines of text. */
export function reportText(name: string, report: InspectionReport, opinion: SecondOpinion | null): string {
  const rows: [string, string][] = [
    ['Type', report.mimeType ?? 'no init segment'],
    ...report.tracks.map((track): [string, string] => [`Track ${track.number}`, trackText(track)]),
    ['Duration', `${formatDuration(report.durationSeconds)} (${report.durationSeconds.toFixed(3)} s)`],
    ['Bitrate', `${formatBitrate(report.bitsPerSecond)}, ${formatBytes(report.bytes)}`],
    ['Epochs', String(report.epochs)],
    ['Blocks', `${report.blocks}, ${report.keyBlocks} of them start with a keyframe`],
    ['Block size', spreadText(report.blockBytes, formatBytes)],
    ['Block interval', spreadText(report.blockIntervalMs, formatMilliseconds)],
    ['Keyframe interval', spreadText(report.keyframeIntervalMs, formatMilliseconds)],
    ['Gaps', gapsText(report)],
  ]
  if (opinion !== null) rows.push(['Second opinion', opinionText(opinion)])
  const left = Math.max(...rows.map(([label]) => label.length))
  return [name, ...rows.map(([label, text]) => `  ${label.padEnd(left)}  ${text}`)].join('\n')
}

function trackText(track: TrackReport): string {
  const frames = `${formatCount(track.frames, 'frame')}, ${formatBitrate(track.bitsPerSecond)}`
  return `${track.kind}, ${track.codecString}, ${formOf(track)}, ${frames}`
}

function formOf({ kind, width, height, sampleRate, channels }: WebmTrack): string {
  return kind === 'video' ? `${width} × ${height}` : `${sampleRate} Hz, ${formatCount(channels ?? 0, 'channel')}`
}

function spreadText(spread: SpreadFigures | null, format: (number: number) => string): string {
  if (spread === null) return 'not enough blocks to tell'
  return `${format(Math.round(spread.mean))} (${format(spread.least)} to ${format(spread.most)})`
}

function gapsText({ gaps, gapCount }: InspectionReport): string {
  if (gapCount === 0) return 'none'
  const listed = gaps
    .slice(0, listedGaps)
    .map((gap) => `${formatMilliseconds(gap.durationMs)} at ${formatDuration(gap.atMs / 1000)}`)
  return `${gapCount}: ${listed.join(', ')}${gapCount > listedGaps ? ' …' : ''}`
}

function opinionText({ reader, disagreements }: SecondOpinion): string {
  return disagreements.length === 0
    ? `${reader} agrees on the headers`
    : `${reader} disagrees: ${disagreements.join('; ')}`
}
