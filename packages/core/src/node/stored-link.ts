/** Which channel a storage holds, for those who have its folder and not its link. */
import { formatLink } from '../link/link.ts'
import { ChannelSecrets } from '../sealing/channel-secrets.ts'
import { openStoredCore } from '../storage/open-core.ts'
import { SecretRecord } from '../storage/secret-record.ts'
import { nameOf } from '../storage/storage-error.ts'

/**
 * Tells which channel a storage holds, whether it was broadcast from there, watched or relayed.
 *
 * @param storage folder in Node, where a new one is made if there is none; database in a page
 * @returns its link; with the secret where a private channel was broadcast from there
 * @throws HypervisionError ERR_FEED_STORAGE, ERR_FEED_STORAGE_IN_USE, ERR_FEED_STORAGE_KEY where there is no channel in it
 */
export async function storedLink(storage: string): Promise<string> {
  const core = await openStoredCore(storage)
  try {
    if (!core.writable) return formatLink(core.key)
    const record = new SecretRecord(core, storage)
    const isPrivate = (await record.read()) !== null
    const state = { isPrivate, isEmpty: false, channelKey: core.key, storageName: nameOf(storage) }
    const secrets = await ChannelSecrets.open({ record, ...state })
    return formatLink(core.key, secrets?.current.secret)
  } finally {
    await core.close()
  }
}
