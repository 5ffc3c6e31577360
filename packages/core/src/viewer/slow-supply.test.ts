import { expect, it } from 'vitest'
import { SlowSupply } from './slow-supply.ts'

/** Reads a block each tenth of a second; what was told, and after how many seconds. */
function read(supply: SlowSupply, seconds: number, at: (second: number) => readonly [waitMs: number, lagMs: number]) {
  const told: [second: number, code: string][] = []
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    const error = supply.onread(...at(tenth / 10), tenth * 100)
    if (error !== null) told.push([tenth / 10, error.code])
  }
  return told
}

it('tells once, ten seconds after a stream began to come too slowly', () => {
  const falling = read(new SlowSupply('link'), 60, (second) => [100, second * 500])
  expect(falling).toEqual([[16.1, 'ERR_TRANSPORT_TOO_SLOW']])
})

it('tells again once it has kept up and falls behind again', () => {
  const twice = read(new SlowSupply('link'), 60, (second) => [100, second === 30 ? 0 : 5000])
  expect(twice).toEqual([
    [10, 'ERR_TRANSPORT_TOO_SLOW'],
    [40.1, 'ERR_TRANSPORT_TOO_SLOW'],
  ])
})

it('says nothing of an interruption that is made good, a reader that is slow itself, or a lag that stays small', () => {
  expect(read(new SlowSupply('link'), 60, (second) => [100, Math.max(0, 20_000 - second * 2000)])).toEqual([])
  expect(read(new SlowSupply('link'), 60, (second) => [0, second * 500])).toEqual([])
  expect(read(new SlowSupply('link'), 60, () => [100, 2500])).toEqual([])
})
