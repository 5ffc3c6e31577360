// The captures of this package against the rules of the capture contract.
import { createReadStream, readdirSync, readlinkSync } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import type { Capture } from '@hypervision/core/contracts'
import { captureRules, type FakeCapture, type FakeCaptureOptions, fakeCapture } from '@hypervision/testkit'
import { describe, it } from 'vitest'
import { freePort } from '../../../tests/free-port.ts'
import type { Clock } from './clock.ts'
import { ffmpeg } from './ffmpeg.ts'
import { webmFile } from './webm-file.ts'
import { webmStream } from './webm-stream.ts'

const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname

/** What the process holds, its open files among it: Node does not count those. */
function resources(): string[] {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.endsWith('.webm') ? [path] : []
    } catch {
      return []
    }
  })
  return [...process.getActiveResourcesInfo(), ...files]
}

/** A clock that stands still, with waits of its own. */
function clockOf(wait: (signal: AbortSignal) => Promise<unknown>): Clock {
  return { now: () => 0, wait: async (_milliseconds, signal) => void (await wait(signal)) }
}

function untilAborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

/** What a fake capture gives, through a pipe. */
function piped(fake: FakeCapture): Readable {
  return Readable.from(fake.open({ signal: new AbortController().signal }))
}

function stream(options?: FakeCaptureOptions): Capture {
  return webmStream(piped(fakeCapture(options)))
}

describe('webmFile', () => {
  for (const rule of captureRules({
    isShareable: true,
    resources,
    setup: () => webmFile(clip, { loop: true }),
    failing: () => webmFile('/nowhere/missing.webm'),
    ending: () => webmFile(clip, { clock: clockOf(async () => {}) }),
    stalling: () => webmFile(clip, { clock: clockOf(untilAborted) }),
  })) {
    it(rule.name, rule.run)
  }
})

describe('webmStream', () => {
  for (const rule of captureRules({
    isReopenable: false,
    resources,
    setup: () => stream(),
    failing: () => stream({ failAfter: 3 }),
    ending: () => webmStream(createReadStream(clip)),
    stalling: () => webmStream(new PassThrough()),
    flooding() {
      const fake = fakeCapture({ isPaced: false, frameBytes: 500_000 })
      return { capture: webmStream(piped(fake)), takenBytes: () => fake.bytes }
    },
  })) {
    it(rule.name, rule.run)
  }
})

describe('ffmpeg', () => {
  for (const rule of captureRules({
    resources,
    setup: () => ffmpeg({ input: 'test-pattern', size: { width: 160, height: 90 }, frameRate: 20 }),
    failing: () => ffmpeg({ input: { file: '/nowhere/missing.mp4' } }),
    ending: () => ffmpeg({ input: 'test-pattern', size: { width: 160, height: 90 }, outputArgs: ['-t', '0.5'] }),
    stalling: async () => ffmpeg({ input: { rtmp: { port: await freePort() } } }),
  })) {
    it(rule.name, rule.run)
  }
})
