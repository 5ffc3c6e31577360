// Recordings of feeds made by hand: what becomes of spans, breaks, holes and failures, and that both ways to a file agree.
import b4a from 'b4a'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { anchorMs, broadcastShow, madeFeed } from '../../test/recording/made-feed.ts'
import { MemoryTarget } from '../../test/recording/memory-target.ts'
import { framesByEbml } from '../../test/webm/oracles.ts'
import type { MeasuredLog } from '../feed/feed-log.ts'
import { WebmCutter } from '../webm/index.ts'
import { readRecordedFiles } from './recorded-files.ts'
import { startRecording } from './start-recording.ts'
import type { RecordedFile, RecordingStats, RecordOptions } from './types.ts'

const never = new AbortController().signal
const channelKey = new Uint8Array(32)

afterEach(() => {
  vi.useRealTimers()
})

async function recordSpan(
  log: MeasuredLog,
  options: Partial<RecordOptions> = {},
  isAlone = true,
): Promise<{ targets: MemoryTarget[]; stats: RecordingStats }> {
  const targets: MemoryTarget[] = []
  const open: RecordOptions['open'] = (file) => {
    const target = new MemoryTarget(file)
    targets.push(target)
    return target
  }
  const stats = await startRecording(log, { from: 'start', open, ...options }, isAlone, never).finished
  return { targets, stats }
}

async function readFile(file: RecordedFile, start = 0, end = file.byteLength): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of file.read(start, end)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Timestamps of the video frames. */
async function times(webm: Uint8Array): Promise<number[]> {
  return (await framesByEbml(webm)).filter(({ track }) => track === 1).map(({ timestampMs }) => timestampMs)
}

function sequence(first: number, count: number): number[] {
  return Array.from({ length: count }, (_value, at) => first + at * 100)
}

describe('a recording', () => {
  it('begins at 0 and holds every frame of every track, with its payload, as the ebml package sees it', async () => {
    const { log } = await madeFeed({ seconds: 3 })
    const { targets, stats } = await recordSpan(log)
    const [target] = targets
    expect(targets).toHaveLength(1)
    expect(target?.isFinished).toBe(true)
    expect(target?.file).toMatchObject({ number: 1, title: 'Test', mimeType: 'video/webm; codecs="vp8,opus"' })
    expect(target?.file.time.getTime()).toBe(anchorMs)
    const frames = await framesByEbml(target?.bytes ?? new Uint8Array())
    expect(frames).toHaveLength(60)
    expect(await times(target?.bytes ?? new Uint8Array())).toEqual(sequence(0, 30))
    expect(stats).toEqual({ files: 1, bytes: target?.bytes.length, seconds: 2.9, blocks: 30, missingBlocks: 0 })
  })

  it.each([
    ['seconds before the live edge', { from: { secondsAgo: 5 }, to: { secondsAgo: 2 } }],
    ['times', { from: { time: new Date(anchorMs + 4900) }, to: { time: new Date(anchorMs + 7900) } }],
  ] as const)('is cut out by %s, from the keyframe before the one to what lies before the other', async (_by, span) => {
    const { log } = await madeFeed({ seconds: 10 })
    const { targets } = await recordSpan(log, span)
    const [target] = targets
    expect(await times(target?.bytes ?? new Uint8Array())).toEqual(sequence(0, 39))
    expect(target?.file.time.getTime()).toBe(anchorMs + 4000)
    const [first] = await framesByEbml(target?.bytes ?? new Uint8Array())
    expect(first?.key).toBe(true)
  })

  it('goes on in one file where a broadcaster began anew with the same tracks, and shortens the break', async () => {
    const { log } = await madeFeed(
      { seconds: 2 },
      { seconds: 2, atMs: anchorMs + 600_000, trackUid: 9 },
      { seconds: 1, atMs: anchorMs + 601_960, end: false },
    )
    const { targets, stats } = await recordSpan(log, { to: 'live' })
    expect(targets).toHaveLength(1)
    expect(await times(targets[0]?.bytes ?? new Uint8Array())).toEqual([
      ...sequence(0, 20),
      ...sequence(2000, 20),
      // This break was short: it stays as it was.
      ...sequence(3960, 10),
    ])
    expect(stats).toMatchObject({ files: 1, blocks: 50 })
  })

  it('begins another file where the picture has another size', async () => {
    const { log } = await madeFeed({ seconds: 2 }, { seconds: 1, width: 640, atMs: anchorMs + 5000 }, { seconds: 1 })
    const { targets, stats } = await recordSpan(log)
    expect(targets.map(({ file }) => file.number)).toEqual([1, 2, 3])
    expect(targets.map(({ file }) => file.tracks[0]?.width)).toEqual([320, 640, 320])
    expect(await Promise.all(targets.map(async ({ bytes }) => (await times(bytes)).length))).toEqual([20, 10, 10])
    expect(targets.every(({ isFinished }) => isFinished)).toBe(true)
    expect(stats.files).toBe(3)
  })

  it('is a live WebM that says so until its head is put right', async () => {
    const { log } = await madeFeed({ seconds: 2 })
    const { targets } = await recordSpan(log)
    const [target] = targets
    const { unfinished, bytes } = target ?? { unfinished: Buffer.alloc(0), bytes: Buffer.alloc(0) }
    expect(unfinished.includes('hypervision (recording, not finished)')).toBe(true)
    expect(bytes.includes('not finished')).toBe(false)
    for (let cut = unfinished.length; cut > 500; cut -= 97) {
      const cutter = new WebmCutter({ blockDurationMs: 100 })
      const pieces = [...cutter.push(unfinished.subarray(0, cut)), ...cutter.end()]
      expect(pieces[0]?.kind).toBe('init')
    }
    expect(bytes.length).toBe(unfinished.length)
  })

  it('follows a broadcast that goes on, and ends with it', async () => {
    const { log } = await madeFeed({ seconds: 1, end: false })
    const recording = recordSpan(log)
    await broadcastShow(log, { seconds: 1, atMs: anchorMs + 1000 })
    const { targets } = await recording
    expect(await times(targets[0]?.bytes ?? new Uint8Array())).toHaveLength(20)
  })

  it('is whole when it is stopped, and when the viewer is closed', async () => {
    const { log } = await madeFeed({ seconds: 1, end: false })
    const closing = new AbortController()
    for (const end of ['stop', 'close'] as const) {
      let target: MemoryTarget | null = null
      const recording = startRecording(
        log,
        {
          from: 'start',
          open: (file) => {
            target = new MemoryTarget(file)
            return target
          },
        },
        true,
        closing.signal,
      )
      await expect.poll(() => recording.stats().blocks).toBe(10)
      if (end === 'stop') void recording.stop()
      else closing.abort()
      expect(await recording.finished).toMatchObject({ files: 1, blocks: 10 })
      expect(target).toMatchObject({ isFinished: true })
    }
  })

  it('passes over blocks that nobody has, goes on at the next keyframe, and counts them', async () => {
    const { core, log } = await madeFeed({ seconds: 4 })
    // Blocks 14 to 16 are frames of the second second.
    await core.clear(14, 17)
    const { targets, stats } = await recordSpan(log)
    expect(await times(targets[0]?.bytes ?? new Uint8Array())).toEqual([...sequence(0, 13), ...sequence(2000, 20)])
    expect(stats).toMatchObject({ blocks: 33, missingBlocks: 7 })
  })

  it('waits a minute and a half for them where somebody may come who has them', async () => {
    const { core, log } = await madeFeed({ seconds: 4 })
    await core.clear(14, 17)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let isOver = false
    const recording = recordSpan(log, {}, false).finally(() => {
      isOver = true
    })
    await expect.poll(() => vi.getTimerCount(), { interval: 5 }).toBe(1)
    await vi.advanceTimersByTimeAsync(89_000)
    expect(isOver).toBe(false)
    const timer = setInterval(() => vi.advanceTimersByTime(1000), 5)
    expect((await recording).stats).toMatchObject({ blocks: 33, missingBlocks: 7 })
    clearInterval(timer)
  })

  it('rejects with what its target throws, and leaves a file that plays', async () => {
    const { log } = await madeFeed({ seconds: 2 })
    const full = new Error('the disk is full')
    for (const failAt of [0, 1, 10]) {
      let writes = 0
      let target: MemoryTarget | null = null
      const open: RecordOptions['open'] = (file) => {
        target = new MemoryTarget(file)
        const write = target.write.bind(target)
        target.write = (bytes, position) => {
          if (writes++ === failAt) throw full
          write(bytes, position)
        }
        return target
      }
      await expect(recordSpan(log, { open })).rejects.toBe(full)
      expect(target).toMatchObject({ isFinished: false })
    }
    await expect(recordSpan(log, { open: () => Promise.reject(full) })).rejects.toBe(full)
  })

  it('says so when there is nothing in its span', async () => {
    const { log } = await madeFeed({ seconds: 2 })
    const span = { from: { secondsAgo: 1 }, to: { time: new Date(anchorMs) } } as const
    await expect(recordSpan(log, span)).rejects.toMatchObject({ code: 'ERR_RECORDING_EMPTY' })
  })

  it.each([
    ['open', { open: 'file' }],
    ['from', { from: 'end' }],
    ['to', { to: { secondsAgo: -1 } }],
    ['signal', { signal: 1 }],
  ])('refuses a bad "%s"', async (option, options) => {
    const { log } = await madeFeed({ seconds: 1 })
    const given = { from: 'start', open: () => ({}), ...options } as unknown as RecordOptions
    expect(() => startRecording(log, given, true, never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
    )
    expect(() => startRecording(log, given, true, never)).toThrow(`"${option}"`)
  })
})

describe('files that are read out of a channel', () => {
  const shows = [
    { seconds: 3 },
    { seconds: 2, atMs: anchorMs + 60_000, trackUid: 5, end: false },
    { seconds: 2, atMs: anchorMs + 120_000, width: 640 },
    { seconds: 1, atMs: anchorMs + 180_000 },
  ]

  it('are byte for byte what a recording writes', async () => {
    const { log } = await madeFeed(...shows)
    const { targets } = await recordSpan(log)
    const files = await readRecordedFiles({ opened: log, stored: log, isAlone: true }, channelKey, never)
    expect(files).toHaveLength(3)
    for (const [at, file] of files.entries()) {
      const target = targets[at]
      expect(file.byteLength).toBe(target?.bytes.length)
      expect((await readFile(file)).equals(target?.bytes ?? Buffer.alloc(0))).toBe(true)
      const { number, title, mimeType, tracks, time } = file
      expect({ number, title, mimeType, tracks, time }).toEqual(target?.file)
    }
  })

  it('give the same bytes in any ranges', async () => {
    const { log } = await madeFeed(...shows)
    const [file] = await readRecordedFiles({ opened: log, stored: log, isAlone: true }, channelKey, never)
    if (file === undefined) throw new Error('there is no file')
    const whole = await readFile(file)
    const place = fc.integer({ min: 0, max: file.byteLength })
    await fc.assert(
      fc.asyncProperty(place, place, async (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)]
        return b4a.equals(await readFile(file, start, end), whole.subarray(start, end))
      }),
      { numRuns: 300 },
    )
    for (const [start, end] of [
      [-1, 2],
      [0, file.byteLength + 1],
      [5, 4],
      [0.5, 2],
    ] as const) {
      await expect(readFile(file, start, end)).rejects.toThrow(RangeError)
    }
  })

  it('have a Void in the place of what nobody has, in any range', async () => {
    const { core, log } = await madeFeed({ seconds: 4 })
    const [complete] = await readRecordedFiles({ opened: log, stored: log, isAlone: true }, channelKey, never)
    const before = complete === undefined ? Buffer.alloc(0) : await readFile(complete)
    await core.clear(14, 17)
    const [file] = await readRecordedFiles({ opened: log, stored: log, isAlone: true }, channelKey, never)
    if (file === undefined) throw new Error('there is no file')
    const whole = await readFile(file)
    expect(whole.length).toBe(before.length)
    expect(await times(whole)).toEqual([...sequence(0, 13), ...sequence(1600, 24)])
    const hole = [...whole.keys()].filter((at) => whole[at] !== before[at])
    const [first = 0, last = 0] = [hole[0], hole.at(-1)]
    for (const start of [first - 3, first, first + 1, first + 20, last]) {
      expect((await readFile(file, start, start + 60)).equals(whole.subarray(start, start + 60))).toBe(true)
    }
  })

  it('have a Void behind what takes more bytes in the log, such as what is encrypted there', async () => {
    const { log } = await madeFeed({ seconds: 3 })
    const { targets } = await recordSpan(log)
    const { core, log: sealed } = await madeFeed()
    for (let number = 0; number < log.length; number++) {
      await core.append(Buffer.concat([Buffer.alloc(40 + number * 3), await log.read(number)]))
    }
    const opened: MeasuredLog = Object.create(sealed, {
      get: { value: async (number: number) => (await sealed.read(number)).subarray(40 + number * 3) },
      length: { get: () => sealed.length },
      remoteLength: { get: () => sealed.length },
    })
    for (const name of ['newestAvailable', 'availableFrom', 'isDeleted', 'onchange'] as const) {
      Object.defineProperty(opened, name, { value: sealed[name].bind(sealed) })
    }
    const [file] = await readRecordedFiles({ opened, stored: sealed, isAlone: true }, channelKey, never)
    if (file === undefined) throw new Error('there is no file')
    const whole = await readFile(file)
    expect(await framesByEbml(whole)).toEqual(await framesByEbml(targets[0]?.bytes ?? new Uint8Array()))
    for (let start = 0; start < file.byteLength; start += 331) {
      const end = Math.min(file.byteLength, start + 500)
      expect((await readFile(file, start, end)).equals(whole.subarray(start, end))).toBe(true)
    }
  })

  it('say so where nothing was broadcast yet', async () => {
    const { log } = await madeFeed({ seconds: 0 })
    await expect(
      readRecordedFiles({ opened: log, stored: log, isAlone: true }, channelKey, AbortSignal.timeout(100)),
    ).rejects.toThrow()
  })
})
