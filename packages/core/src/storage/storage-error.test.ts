import { DatabaseError, type DatabaseErrorCode } from '@hypervision/hypercore-web'
import { expect, it } from 'vitest'
import { storageError } from './storage-error.ts'

it.each<[DatabaseErrorCode, string, RegExp]>([
  ['DATABASE_FULL', 'ERR_FEED_STORAGE_FULL', /"friday" is full: .* what was stored is kept/],
  ['DATABASE_IN_USE', 'ERR_FEED_STORAGE_IN_USE', /"friday" is open in another tab/],
  ['DATABASE_UNAVAILABLE', 'ERR_FEED_STORAGE', /"friday" cannot be used: no such thing\. .*leave `storage` out/],
])('names %s of a page, alone and behind a batch that was not applied', (code, expected, words) => {
  const cause = new DatabaseError(code, 'no such thing')
  for (const error of [cause, new Error('Batch was not applied', { cause })]) {
    const told = storageError(error, 'friday')
    expect(told).toMatchObject({ code: expected, cause: error, detail: { storage: 'friday' } })
    expect(told.message).toMatch(words)
  }
})

it.each<[string, string, RegExp]>([
  ['No space left on device', 'ERR_FEED_STORAGE_FULL', /full disk/],
  ['File descriptor could not be locked', 'ERR_FEED_STORAGE_IN_USE', /another process/],
  ['Read-only file system', 'ERR_FEED_STORAGE', /cannot be written.*choose another folder/],
  [
    "ENOENT: no such file or directory, mkdir './friday'",
    'ERR_FEED_STORAGE',
    /cannot be written.*its disk, or choose another folder/,
  ],
])('names what a folder’s database says: %s', (text, expected, words) => {
  const error = new Error('Batch was not applied', { cause: new Error(text) })
  expect(storageError(error, './friday')).toMatchObject({ code: expected, message: expect.stringMatching(words) })
})
