/** Pictures that are none but for their first bytes, and metadata with them. */
import type { ChannelMetadata } from '../src/metadata/types.ts'

/** A poster of so many bytes. */
export function png(byteLength = 12): Uint8Array {
  const bytes = new Uint8Array(byteLength).fill(7)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return bytes
}

/** A channel that says nothing. */
export const silent: ChannelMetadata = { title: null, description: null, startsAt: null, poster: null }

/** A show that is planned. */
export const friday: ChannelMetadata = {
  title: 'Friday show',
  description: 'Live from the kitchen.',
  startsAt: new Date('2026-01-02T20:15:00Z'),
  poster: { type: 'image/png', bytes: png() },
}
