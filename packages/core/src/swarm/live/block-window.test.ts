// What is kept of the stream, at each limit and one past it.
import { describe, expect, it } from 'vitest'
import { BlockWindow } from './block-window.ts'
import type { LiveBlock } from './live-types.ts'

const mebibyte = 1024 * 1024
const block = (index: number, byteLength = 1): LiveBlock => ({
  index,
  peaks: [],
  signature: new Uint8Array(0),
  value: new Uint8Array(byteLength),
})

/** Which of these are there. */
const present = (window: BlockWindow, ...indices: number[]): number[] => indices.filter((index) => window.has(index))

describe('the window', () => {
  it('keeps 64 blocks of those that are stored, and forgets the oldest for one more', () => {
    const window = new BlockWindow()
    for (let index = 0; index < 64; index++) window.add(block(index), index + 1)
    expect(present(window, 0, 63)).toEqual([0, 63])
    window.add(block(64), 65)
    expect(present(window, 0, 1, 64)).toEqual([1, 64])
  })

  it('keeps 24 MiB of those that are stored, and forgets the oldest for one byte more', () => {
    const window = new BlockWindow()
    window.add(block(0, 8 * mebibyte), 1)
    window.add(block(1, 16 * mebibyte), 2)
    expect(present(window, 0, 1)).toEqual([0, 1])
    window.add(block(2), 3)
    expect(present(window, 0, 1, 2)).toEqual([1, 2])
  })

  it('takes a block that is 511 past what is stored, and none that is 512 past it', () => {
    const window = new BlockWindow()
    expect([window.add(block(511), 0), window.add(block(512), 0), window.add(block(512), 1)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('holds 48 MiB together with what waits, and not a byte more', () => {
    const window = new BlockWindow()
    for (const index of [1, 2, 3]) expect(window.add(block(index, 16 * mebibyte), 0)).toBe(true)
    expect(window.add(block(4), 0)).toBe(false)
  })

  it('takes the block that all others wait for, however much they are', () => {
    const window = new BlockWindow()
    for (const index of [1, 2, 3]) window.add(block(index, 16 * mebibyte), 0)
    expect(window.add(block(0), 0)).toBe(true)
  })
})
