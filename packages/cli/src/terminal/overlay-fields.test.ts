import type { LiveStats } from '@hypervision/core'
import { expect, test } from 'vitest'
import { overlayFields } from './overlay-fields.ts'

const quiet = { depth: null, repairs: 0 } as LiveStats

test('the live line has copies passed on, the way from the broadcaster once it is known, and repairs once there are any', () => {
  expect(overlayFields({ relayedCopies: 0, live: quiet }, 3)).toEqual([{ text: 'passed on 0.0×', rank: 3 }])
  expect(overlayFields({ relayedCopies: 1.24, live: { ...quiet, depth: 1, repairs: 2 } }, 3)).toEqual([
    { text: 'passed on 1.2×', rank: 3 },
    { text: '1 hop', rank: 4 },
    { text: '2 repairs', rank: 5 },
  ])
})
