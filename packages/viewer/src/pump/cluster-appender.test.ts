// In which way Clusters are appended, for browsers of several habits.
import { describe, expect, test } from 'vitest'
import { cluster, join, simpleBlock, voidElement } from '../../../core/test/webm/webm-builder.ts'
import { FakeSourceBuffer, type Habits } from '../../test/fake-source-buffer.ts'
import { ClusterAppender } from './cluster-appender.ts'

const isSmall = (bytes: Uint8Array) => bytes[0] === 0xec

/** A block of the feed: 100 ms of sound and pictures, less the pictures from `missingMs` on. */
function block(timestampMs: number, key: boolean, missingMs = 100): Uint8Array {
  const frames = [0, 20, 40, 60, 80].map((relativeMs) => {
    const sound = simpleBlock({ track: 2, relativeMs, key: true })
    return relativeMs < missingMs ? join(simpleBlock({ relativeMs, key: key && relativeMs === 0 }), sound) : sound
  })
  return join(voidElement(9), cluster(timestampMs, ...frames))
}

/** Plays blocks from `fromMs` on, a keyframe each half second; where `gapMs` says, a picture or more are missing. */
async function play(appender: ClusterAppender, fromMs: number, toMs: number, gapsMs: readonly number[] = []) {
  for (let ms = fromMs; ms < toMs; ms += 100) {
    await appender.append(block(ms, ms % 500 === 0, gapsMs.includes(ms) ? 40 : 100), ms % 500 === 0)
  }
}

function start(habits: Habits = {}): { buffer: FakeSourceBuffer; appender: ClusterAppender } {
  const buffer = new FakeSourceBuffer(habits)
  const appender = new ClusterAppender(buffer)
  appender.begin(2)
  return { buffer, appender }
}

describe('Clusters are given to a browser', () => {
  test('as they are where it plays them', async () => {
    const { buffer, appender } = start()
    await play(appender, 0, 2000)
    expect(appender.joins).toBe(false)
    expect(buffer.appended).toEqual(Array.from({ length: 20 }, (_, at) => block(at * 100, at % 5 === 0)))
  })

  test('joined from the newest keyframe on as soon as it loses one, so that nothing is missing', async () => {
    const { buffer, appender } = start({ losesSmallFromMs: 0 })
    await play(appender, 0, 300)
    expect(appender.joins).toBe(true)
    // Two as they were, both again, and the third.
    expect(buffer.appended.map(isSmall)).toEqual([true, true, false, false])
    await play(appender, 300, 3000)
    expect(buffer.ranges()).toEqual([[0, 3]])
  })

  test('joined from the keyframe on once three intervals had to be, after a seek too', async () => {
    const { buffer, appender } = start({ losesSmallFromMs: 0 })
    await play(appender, 0, 1600)
    const before = buffer.appended.length
    await play(appender, 1600, 2500)
    appender.begin(2)
    await play(appender, 5000, 6000)
    expect(buffer.appended.slice(before).some(isSmall)).toBe(false)
    expect(buffer.ranges()).toEqual([
      [0, 2.5],
      [5, 6],
    ])
  })

  test('joined too where it begins to lose them in the middle of a keyframe interval', async () => {
    const { buffer, appender } = start({ losesSmallFromMs: 800 })
    await play(appender, 0, 2000)
    expect(buffer.ranges()).toEqual([[0, 2]])
  })

  test('joined for one keyframe interval where a picture came so late that those after it were dropped', async () => {
    for (const holdsBack of [false, true]) {
      const { buffer, appender } = start({ holdsBack })
      await play(appender, 0, 1100, [700])
      expect(buffer.ranges()).toEqual([[0, 1.1]])
      expect(appender.joins).toBe(true)
      await play(appender, 1100, 2000)
      expect(appender.joins).toBe(false)
      expect(buffer.ranges()).toEqual([[0, 2]])
    }
  })

  test('again at once where an open Cluster has lost pictures for the same reason', async () => {
    const { buffer, appender } = start({ losesSmallFromMs: 0 })
    await play(appender, 0, 3000, [200, 1700, 2200])
    expect(buffer.ranges()).toEqual([[0, 3]])
  })

  test('no more than eight times per keyframe interval again where that does not help', async () => {
    const { buffer, appender } = start({ losesAll: true })
    await appender.append(block(0, true), true)
    for (let ms = 100; ms < 3000; ms += 100) await appender.append(block(ms, false), false)
    expect(buffer.appended).toHaveLength(30 + 8)
  })

  test('as they are where one track lags behind the other', async () => {
    const { buffer, appender } = start()
    const picture = (ms: number) => join(voidElement(9), cluster(ms, simpleBlock({ key: ms === 0 })))
    const sound = (ms: number) => join(voidElement(9), cluster(ms, simpleBlock({ track: 2, key: true })))
    for (const ms of [0, 40, 80, 120]) await appender.append(picture(ms), ms === 0)
    for (const ms of [0, 40, 80]) await appender.append(sound(ms), false)
    expect(appender.joins).toBe(false)
    expect(buffer.appended).toHaveLength(7)
  })

  test('not at all where they are none', async () => {
    const { buffer, appender } = start()
    await expect(appender.append(new Uint8Array(50).fill(0x5a), true)).rejects.toMatchObject({
      code: 'ERR_WEBM_MALFORMED',
    })
    expect(buffer.appended).toEqual([])
  })
})
