/** What a channel's storage has beside its blocks, as a node finds it on opening. */
import type Hypercore from 'hypercore'
import { ChannelSecrets } from '../sealing/channel-secrets.ts'
import { SecretRecord } from '../storage/secret-record.ts'
import { nameOf } from '../storage/storage-error.ts'
import type { ChannelNodeOptions } from './channel-node-options.ts'
import { readStoredMetadata } from './node-metadata.ts'

/** What {@link readState} finds. */
export interface StoredState {
  /** The newest record; null where there is none. */
  readonly metadata: Uint8Array | null
  /** Of a private channel that is written here; null otherwise. */
  readonly secrets: ChannelSecrets | null
}

/**
 * Reads it; a private channel that is new gets its secret.
 *
 * @throws HypervisionError ERR_FEED_STORAGE, ERR_FEED_STORAGE_PRIVATE; what the storage throws
 */
export async function readState(
  core: Hypercore,
  { key, storage, private: isPrivate }: ChannelNodeOptions,
): Promise<StoredState> {
  const metadata = await readStoredMetadata(core)
  if (key !== undefined) return { metadata, secrets: null }
  const secrets = await ChannelSecrets.open({
    record: new SecretRecord(core, storage),
    channelKey: core.key,
    isPrivate: isPrivate ?? false,
    isEmpty: core.length === 0 && metadata === null,
    storageName: nameOf(storage),
  })
  return { metadata, secrets }
}
