/**
 * A clock that survives a video encoder: the time in milliseconds as a pattern of large black and white cells, with check bits, in
 * the upper part of the picture. Whoever sees the picture knows when it was drawn.
 */

/** Size of the picture, pixels: that of the preset `medium`. */
export const picture = { width: 640, height: 360, frameRate: 30 } as const
/** Cells lie on whole macroblocks, so that one does not smear into the next. */
export const cells = { columns: 8, rows: 4, width: 80, height: 48 } as const

const timeBits = 24
const checkBits = 8
const wrapMs = 2 ** timeBits

/** Which cells are white, row by row from the upper left. */
export function drawnCells(nowMs: number): boolean[] {
  const time = Math.floor(nowMs) % wrapMs
  const word = time * 2 ** checkBits + checkOf(time)
  return Array.from({ length: timeBits + checkBits }, (_, at) => Math.floor(word / 2 ** at) % 2 === 1)
}

/**
 * When a picture was drawn.
 *
 * @param brightness of each cell, 0 to 255
 * @param nowMs wall clock, later than the picture by no more than four hours
 * @returns ms since 1970; null where the cells cannot be read
 */
export function readCells(brightness: readonly number[], nowMs: number): number | null {
  const word = brightness.reduce((sum, value, at) => sum + (value > 127 ? 2 ** at : 0), 0)
  const time = Math.floor(word / 2 ** checkBits)
  if (checkOf(time) !== word % 2 ** checkBits) return null
  const age = (((Math.floor(nowMs) - time) % wrapMs) + wrapMs) % wrapMs
  return Math.floor(nowMs) - age
}

/** CRC-8 that no plain black or white picture fulfils. */
function checkOf(time: number): number {
  let check = 0xff
  for (const byte of [time >>> 16, (time >>> 8) & 0xff, time & 0xff]) {
    check ^= byte
    for (let bit = 0; bit < 8; bit++) check = ((check << 1) ^ (check & 0x80 ? 0x07 : 0)) & 0xff
  }
  return check
}
