// What shorter blocks cost and what they save: the same live stream to a viewer over a real DHT on this machine.
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast, createViewer } from '@hypervision/core'
import { readCluster } from '@hypervision/core/webm'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import type { Bench, BenchRunOptions, Row } from './bench.ts'
import { percentile } from './statistics.ts'

const clip = new URL('../packages/cli/assets/clip.webm', import.meta.url).pathname

/** The last one is how MediaRecorder and ffmpeg are mostly fed to players: a Cluster per keyframe interval. */
const durationsMs = [40, 100, 150, 200, 400, 5000]

export const bench: Bench = {
  name: 'block-duration',
  title: 'Delay and overhead by blockDurationMs: a clip live in real time → disk → DHT on loopback → one viewer',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (const blockDurationMs of quick ? [100, 5000] : durationsMs) {
      signal.throwIfAborted()
      log(`blocks of ${blockDurationMs} ms`)
      rows.push(await measure(blockDurationMs, quick ? 4 : 20))
    }
    return rows
  },
}

async function measure(blockDurationMs: number, seconds: number): Promise<Row> {
  const network = await bootstrapNode({ port: 0 })
  const transports = () => [dht({ bootstrap: [network] })]
  const capture = webmFile(clip, { loop: true })
  const broadcast = await createBroadcast({ capture, blockDurationMs, transports: transports() })
  const viewer = await createViewer({ link: broadcast.link, transports: transports() })
  const delaysMs: number[] = []
  let blocks = 0
  let mediaBytes = 0
  let cpu = process.cpuUsage()
  let bytesDown = 0
  let startedAt = Number.NaN
  try {
    for await (const block of viewer.blocks) {
      if (block.kind === 'init') continue
      const { frames } = readCluster(block.bytes)
      // The first keyframe interval is history; only what comes while the viewer watches is live.
      if (Number.isNaN(startedAt)) {
        if (viewer.stats().bufferedSeconds > 0 || !block.key) continue
        startedAt = performance.now()
        cpu = process.cpuUsage()
        bytesDown = viewer.stats().bytesDown
        continue
      }
      blocks++
      const arrival = Date.now()
      for (const { timestampMs, payload } of frames) {
        delaysMs.push(arrival - (block.time.getTime() + timestampMs - block.timestampMs))
        mediaBytes += payload.byteLength
      }
      if (performance.now() - startedAt > seconds * 1000) break
    }
    const elapsed = (performance.now() - startedAt) / 1000
    const { user, system } = process.cpuUsage(cpu)
    return {
      case: `${blockDurationMs} ms`,
      blocksPerSecond: blocks / elapsed,
      delayP50Ms: percentile(delaysMs, 0.5),
      delayP99Ms: percentile(delaysMs, 0.99),
      mediaKbps: (mediaBytes * 8) / 1000 / elapsed,
      wireOverheadKbps: ((viewer.stats().bytesDown - bytesDown - mediaBytes) * 8) / 1000 / elapsed,
      cpuBothMsPerSecond: (user + system) / 1000 / elapsed,
    }
  } finally {
    await viewer.close()
    await broadcast.close()
    await network.close()
  }
}
