// Where a log begins, by what neighbours claim.
import { expect, it } from 'vitest'
import { Joining } from './joining.ts'
import type { OverlayState } from './overlay-state.ts'

it('who claimed more than there is, and is believed no longer, has no say in what has to be asked for', () => {
  const joining = new Joining({ role: 'node', log: { length: 0 }, settings: { stripes: 4 } } as unknown as OverlayState)
  expect(joining.first(1_000_000)).toBe(999_999)
  expect(joining.isPast(200)).toBe(true)
  joining.first(0)
  expect(joining.isPast(200)).toBe(true)
  expect(joining.first(100)).toBe(99)
  expect([joining.isPast(99), joining.isPast(100)]).toEqual([true, false])
  joining.first(150)
  expect(joining.isPast(100)).toBe(false)
})
