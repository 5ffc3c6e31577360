import { expect, test } from 'vitest'
import { retain } from './retain-text.ts'

test('what to keep is a time, bytes, both, or everything', () => {
  expect(retain('all')).toBe('all')
  expect(retain('90s')).toEqual({ seconds: 90 })
  expect(retain('1.5h,2GB')).toEqual({ seconds: 5400, bytes: 2e9 })
  expect(retain('500mb, 2d')).toEqual({ seconds: 172_800, bytes: 5e8 })
})

test.each(['', '10', '0s', '1h,2h', '1kB', '-1h', '1h,', 'ever'])('"%s" does not say what to keep', (text) => {
  expect(() => retain(text)).toThrow('1h,2GB')
})
