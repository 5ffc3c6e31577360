/** Opens the hypercore of a channel in its storage or in memory, and checks that it is the channel that was asked for. */
import { createMemoryDatabase } from '@hypervision/hypercore-web'
import { namedStorage } from '@hypervision/hypercore-web/named-storage'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import Verifier from 'hypercore/lib/verifier.js'
import { discoveryKey } from 'hypercore-crypto'
import CoreStorage from 'hypercore-storage'
import { HypervisionError, type KeyPair } from '../contracts/index.ts'
import { formatLink } from '../link/link.ts'
import { nameOf, storageError } from './storage-error.ts'

/** What to open. */
export interface OpenCoreOptions {
  /** Folder in Node, database in a page; memory where left out. */
  readonly storage?: string | undefined
  /** The channel to read. Left out: the channel that the storage can write, made where there is none. */
  readonly key?: Uint8Array | undefined
  /** The channel to write, without its secret key being stored. */
  readonly keyPair?: KeyPair | undefined
}

/**
 * Opens the core of a channel.
 *
 * @throws HypervisionError ERR_FEED_STORAGE, ERR_FEED_STORAGE_IN_USE, ERR_FEED_STORAGE_KEY, ERR_FEED_STORAGE_FULL
 */
export async function openCore({ storage, key, keyPair }: OpenCoreOptions): Promise<Hypercore> {
  try {
    const database = new CoreStorage(
      storage === undefined ? createMemoryDatabase() : namedStorage(storage, key === undefined),
    )
    try {
      await checkChannel(database, storage, keyPair === undefined ? key : Hypercore.key(keyPair.publicKey))
      return await (keyPair === undefined ? openIn(database, storage, key) : openWith(database, keyPair))
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    throw storageError(error, storage)
  }
}

/**
 * Opens the core of whatever channel a storage holds.
 *
 * @throws HypervisionError ERR_FEED_STORAGE, ERR_FEED_STORAGE_IN_USE, ERR_FEED_STORAGE_KEY where there is no channel in it
 */
export async function openStoredCore(storage: string): Promise<Hypercore> {
  try {
    const database = new CoreStorage(namedStorage(storage))
    try {
      if ((await database.getDefaultDiscoveryKey()) === null) {
        throw new HypervisionError('ERR_FEED_STORAGE_KEY', `${nameOf(storage)} holds no channel. Choose another one.`, {
          detail: { storage },
        })
      }
      const core = new Hypercore(database, null, { createIfMissing: false })
      await core.ready()
      return core
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    throw storageError(error, storage)
  }
}

async function checkChannel(database: CoreStorage, storage: string | undefined, key?: Uint8Array): Promise<void> {
  const stored = await database.getDefaultDiscoveryKey()
  if (key === undefined || stored === null || b4a.equals(stored, discoveryKey(key))) return
  throw new HypervisionError(
    'ERR_FEED_STORAGE_KEY',
    `${nameOf(storage)} holds another channel than ${formatLink(key)}. Choose another one.`,
    { detail: { storage } },
  )
}

async function openIn(database: CoreStorage, storage: string | undefined, key?: Uint8Array): Promise<Hypercore> {
  // A reader asks for the newest block and the proof of the length together, once it knows that the peer has it:
  // an upgrade of hypercore's own accord would cost it a round trip more. See HypercoreLog.
  const core = new Hypercore(database, key ?? null, { eagerUpgrade: key === undefined, allowFork: false })
  await core.ready()
  if (key === undefined && !core.writable) {
    const watched = core.key
    await core.close()
    throw new HypervisionError(
      'ERR_FEED_STORAGE_KEY',
      `${nameOf(storage)} holds a channel that was watched here (${formatLink(watched)}), not one of yours. ` +
        'Choose another one to broadcast from.',
      { detail: { storage } },
    )
  }
  return core
}

/** As a reader of the channel who then is given the key: hypercore stores the secret key of a core that it makes as a writer's. */
async function openWith(database: CoreStorage, keyPair: KeyPair): Promise<Hypercore> {
  const manifest = Verifier.defaultSignerManifest(keyPair.publicKey)
  const core = new Hypercore(database, Hypercore.key(keyPair.publicKey), { manifest, allowFork: false })
  await core.ready()
  core.setKeyPair(keyPair)
  return core
}
