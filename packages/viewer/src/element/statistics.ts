// The statistics panel: figures that tell a person why a picture is late or stands still.
import type { ViewerStats } from '@hypervision/core'
import type { PumpStats } from '../pump/pump.ts'

/** Label and value of each line. */
export function statisticsLines(viewer: ViewerStats | null, pump: PumpStats | null): [label: string, value: string][] {
  return [
    ['Latency', latencyText(pump?.latencyMs ?? null)],
    ['Buffer', pump === null ? '–' : `${pump.bufferedSeconds.toFixed(2)} s`],
    ['Margin', pump === null ? '–' : `${(pump.targetMs / 1000).toFixed(2)} s`],
    ['Speed', pump === null ? '–' : `${pump.playbackRate.toFixed(2)} ×`],
    ['Stalls', String(pump?.stalls ?? 0)],
    ['Jumps', String(pump?.jumps ?? 0)],
    ['Dropped', `${pump?.droppedFrames ?? 0} frames`],
    ['Bitrate', viewer === null ? '–' : `${Math.round(viewer.bitsPerSecond / 1000)} kbit/s`],
    ['Others', viewer === null ? '–' : String(viewer.others)],
    ['Peers', viewer === null ? '–' : peersText(viewer)],
    ['Received', viewer === null ? '–' : bytesText(viewer.bytesDown)],
    ['Sent', viewer === null ? '–' : bytesText(viewer.bytesUp)],
    ['Passed on', viewer === null ? '–' : `${viewer.relayedCopies.toFixed(2)} copies`],
    ['Hops', viewer?.live.depth == null ? '–' : String(viewer.live.depth)],
    ['Repairs', String(viewer?.live.repairs ?? 0)],
    ['Verified blocks', String(viewer?.verifiedBlocks ?? 0)],
  ]
}

/** The clocks of both ends have to agree: a picture from the future says only that they do not. */
function latencyText(ms: number | null): string {
  return ms === null || ms < 0 ? '–' : `${(ms / 1000).toFixed(2)} s`
}

function peersText({ peers, peersByTransport }: ViewerStats): string {
  const parts = Object.entries(peersByTransport).map(([name, count]) => `${count} ${name}`)
  return parts.length > 1 ? parts.join(', ') : String(peers.length)
}

function bytesText(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
