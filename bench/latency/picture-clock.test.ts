import { expect, test } from 'vitest'
import { drawnCells, readCells } from './picture-clock.ts'

const now = Date.UTC(2026, 1, 3, 4, 5, 6, 789)
const brightness = (at: number) => drawnCells(at).map((isWhite) => (isWhite ? 200 : 60))

test('a picture says to the millisecond when it was drawn, hours later too, also where the time in it wraps', () => {
  for (const age of [0, 1, 350, 4000, 4 * 3600_000]) {
    for (const shift of [0, 255, 256, 65_535, 2 ** 24 - 1]) {
      expect(readCells(brightness(now + shift - age), now + shift)).toBe(now + shift - age)
    }
  }
})

test('a picture with a cell that was misread says nothing, and neither do plain ones', () => {
  for (let cell = 0; cell < 32; cell++) {
    const misread = brightness(now).map((value, at) => (at === cell ? 255 - value : value))
    expect(readCells(misread, now)).toBeNull()
  }
  for (const plain of [0, 255]) expect(readCells(new Array(32).fill(plain), now)).toBeNull()
})
