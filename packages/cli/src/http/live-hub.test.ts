import type { ViewerBlock } from '@hypervision/core'
import { describe, expect, test } from 'vitest'
import { LiveHub } from './live-hub.ts'

const limits = { queueItems: 4, queueBytes: 100 }
let index = 0

function init(...bytes: number[]): ViewerBlock {
  const detail = { tracks: [], mimeType: 'video/webm; codecs="vp8"', title: null }
  return { kind: 'init', index: index++, bytes: new Uint8Array(bytes), ...detail }
}

function cluster(bytes: number[], key = false): ViewerBlock {
  const timestampMs = index * 100
  return {
    kind: 'cluster',
    index: index++,
    bytes: new Uint8Array(bytes),
    key,
    timestampMs,
    time: new Date(timestampMs),
    discontinuity: false,
  }
}

/** All that a client gets until its end. */
async function drain(client: ReturnType<LiveHub['join']>): Promise<number[]> {
  const got: number[] = []
  for (let bytes = await client.next(); bytes !== null; bytes = await client.next()) got.push(...bytes)
  return got
}

describe('the hub', () => {
  test('begins a newcomer with the init segment and the newest keyframe', async () => {
    const hub = new LiveHub(limits)
    for (const block of [init(0), cluster([1], true), cluster([2]), cluster([3], true), cluster([4])]) hub.push(block)
    const client = hub.join()
    hub.push(cluster([5]))
    hub.end()
    expect(await drain(client)).toEqual([0, 3, 4, 5])
  })

  test('lets a newcomer wait for the first keyframe', async () => {
    const hub = new LiveHub(limits)
    const early = hub.join()
    for (const block of [init(0), cluster([1]), cluster([2], true)]) hub.push(block)
    hub.end()
    expect(await drain(early)).toEqual([0, 2])
  })

  test('goes on at a keyframe with a client that was too slow, and leaves the others alone', async () => {
    const hub = new LiveHub(limits)
    hub.push(init(0))
    const slow = hub.join()
    hub.push(cluster([1], true))
    expect([await slow.next(), await slow.next()]).toEqual([new Uint8Array([0]), new Uint8Array([1])])
    for (const number of [2, 3, 4, 5, 6, 7]) hub.push(cluster([number]))
    expect(slow.waitingBytes).toBe(0)
    hub.push(cluster([8], true))
    const quick = hub.join()
    hub.end()
    expect(slow.skips).toBe(1)
    expect(await drain(slow)).toEqual([8])
    expect(await drain(quick)).toEqual([0, 8])
  })

  test('gives the init segment again to a client that was too slow to take it the first time', async () => {
    const hub = new LiveHub(limits)
    const client = hub.join()
    hub.push(init(0))
    hub.push(cluster([1], true))
    for (const number of [2, 3, 4, 5]) hub.push(cluster([number]))
    hub.push(cluster([6], true))
    hub.end()
    expect(await drain(client)).toEqual([0, 6])
  })

  test('never keeps more bytes for a client than it may', () => {
    const hub = new LiveHub(limits)
    hub.push(init(0))
    const client = hub.join()
    for (let count = 0; count < 50; count++) {
      hub.push(cluster(new Array(30).fill(count), count % 3 === 0))
      expect(client.waitingBytes).toBeLessThanOrEqual(limits.queueBytes)
    }
    expect(client.skips).toBeGreaterThan(0)
  })

  test('lets newcomers wait where keyframes are too far apart to keep what follows one', async () => {
    const hub = new LiveHub(limits)
    for (const block of [init(0), cluster([1], true), ...[2, 3, 4, 5, 6].map((number) => cluster([number]))])
      hub.push(block)
    const client = hub.join()
    hub.push(cluster([7]))
    hub.push(cluster([8], true))
    hub.end()
    expect(await drain(client)).toEqual([0, 8])
  })

  test('ends the stream of those who play when an epoch begins, and serves it to those who wait', async () => {
    const hub = new LiveHub(limits)
    for (const block of [init(0), cluster([1], true)]) hub.push(block)
    const old = hub.join()
    hub.push(init(10))
    const fresh = hub.join()
    hub.push(cluster([11], true))
    hub.end()
    expect(await drain(old)).toEqual([0, 1])
    expect(await drain(fresh)).toEqual([10, 11])
  })

  test('forgets a client that leaves, and ends at once for one that comes too late', async () => {
    const hub = new LiveHub(limits)
    const client = hub.join()
    expect(hub.clients).toBe(1)
    client.leave()
    expect(hub.clients).toBe(0)
    hub.end()
    expect(await drain(hub.join())).toEqual([])
  })
})
