// Pages on a machine whose network goes away, or becomes another one, while they are on air and watch: in a namespace, the rest of the
// swarm outside.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast, type Transport } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { expect, onTestFinished, test, vi } from 'vitest'
import { needProgram, programs } from '../../../scripts/programs.mjs'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import { hasNamespaces, type NetworkNamespace, networkNamespace } from '../../../tests/network-namespace.ts'
import { takeAll, timed } from '../../../tests/take-all.ts'
import type {} from './swarm-page.ts'

const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname
/** For how long the network is away, seconds; HYPERVISION_OUTAGES=0.5,5,60 takes more than a minute. */
const outages = (process.env.HYPERVISION_OUTAGES ?? '5').split(',').map(Number)
const timeout = 90_000 + 3000 * outages.reduce((sum, seconds) => sum + seconds, 0)
const patience = { timeout: 60_000 }

test.skipIf(!hasNamespaces)(
  'pages on air and watching go on when the network was away, or the address is another one',
  {
    timeout,
  },
  async () => {
    const machine = await networkNamespace()
    onTestFinished(() => machine.close())
    const meeting = await tracker({ port: 0, host: machine.host })
    onTestFinished(() => meeting.close())
    const viaTracker = (): Transport => webrtc({ trackers: [meeting.url], iceServers: [] })
    const far = await createBroadcast({ capture: webmFile(clip, { loop: true }), transports: [viaTracker()] })
    onTestFinished(() => far.close())

    const url = await servePage({
      script: 'packages/viewer/test/swarm-page.ts',
      plugins: [hypercoreWeb()],
      host: machine.host,
    })
    const browser = await startChromiumIn(machine, url)
    const { page: maker } = await openPage(browser, url)
    const { page: watcher } = await openPage(browser, url)
    const link = await maker.evaluate((trackers) => broadcastCanvas(trackers), [meeting.url])
    await watcher.evaluate(([channel, address]) => watch(channel, address), [far.link, meeting.url] as const)
    const viewer = await takeAll(link, viaTracker())
    const watcherIsLive = async (): Promise<void> => {
      const newest = far.stats().blocks
      await watcher.waitForFunction(
        (blocks) => {
          const { feedBlocks = 0, position } = element.channelStatistics ?? {}
          return element.state === 'playing' && (position ?? 0) > blocks && feedBlocks - (position ?? 0) < 50
        },
        newest + 10,
        patience,
      )
    }
    await viewer.goesOn()
    await watcherIsLive()

    const bothGoOn = async (after: string, since: number): Promise<void> => {
      const [onAir, watching] = [viewer.goesOn(1), watcherIsLive()]
      await Promise.all([
        timed(`on air again ${after}`, since, onAir),
        timed(`watching again ${after}`, since, watching),
      ])
      await viewer.goesOn()
    }
    await machine.move()
    const movedAt = performance.now()
    await viewer.isAlone()
    await bothGoOn('after a change of address', movedAt)

    for (const seconds of outages) {
      const { blocks } = far.stats()
      await machine.cut()
      await expect.poll(() => far.stats().blocks, { timeout: 200_000 }).toBeGreaterThan(blocks + 10 * seconds)
      if (seconds >= 5) await watcher.waitForFunction(() => element.state === 'stalled')
      await machine.mend()
      await bothGoOn(`after ${seconds} s`, performance.now())
    }
  },
)

/** Chromium on the machine. */
async function startChromiumIn(machine: NetworkNamespace, url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hypervision-chromium-'))
  const program = join(folder, 'chromium')
  writeFileSync(program, `#!/bin/sh\nexec ${machine.enter.join(' ')} '${needProgram(programs.chromium)}' "$@"\n`)
  chmodSync(program, 0o755)
  vi.stubEnv(programs.chromium.variable, program)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  // A page that is served by another machine needs https for some of what a broadcast does.
  return startChromium({ args: [`--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`] })
}
