import c from 'compact-encoding'
import { expect, it } from 'vitest'
import { maxRecordBytes } from '../../metadata/metadata-record.ts'
import { head, record } from './channel-messages.ts'

it('takes a signature of 256 bytes in a head, and none of 257', () => {
  const signed = (byteLength: number) =>
    c.encode(head, { fork: 0, length: 1, hash: new Uint8Array(32), signature: new Uint8Array(byteLength) })
  expect(c.decode(head, signed(256)).signature.byteLength).toBe(256)
  expect(() => c.decode(head, signed(257))).toThrow('A signature of 257 bytes is longer than 256')
})

it('takes a record of 139 370 bytes, and none of a byte more', () => {
  expect(maxRecordBytes).toBe(139_370)
  expect(c.decode(record, c.encode(record, new Uint8Array(139_370))).byteLength).toBe(139_370)
  expect(() => c.decode(record, c.encode(record, new Uint8Array(139_371)))).toThrow('longer than 139370')
})
