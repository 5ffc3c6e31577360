/** The log of a private channel as its readers see it: blocks of feed format 1, decrypted as they are read. */
import { HypervisionError } from '../contracts/index.ts'
import type { FeedLog } from '../feed/feed-log.ts'
import { ForwardingLog } from '../feed/forwarding-log.ts'
import type { Keyring } from './keyring.ts'
import { type OpenedBlock, openBlock, readSealedHead, type SealedHead } from './sealed-block.ts'
import type { SecretKeys } from './secret-keys.ts'

/**
 * A log behind a secret. Blocks that were sealed before the secret was changed are opened with those that the newest epoch's init block
 * hands on.
 */
export class OpenedLog extends ForwardingLog {
  readonly #keyring: Keyring
  /** Newest epoch that was opened: number of its init block; -1 for none. */
  #newestInit = -1
  #hasLearnt = false

  constructor(log: FeedLog, keyring: Keyring) {
    super(log)
    this.#keyring = keyring
  }

  /** @throws HypervisionError ERR_SECRET_WRONG, ERR_SECRET_CHANGED, ERR_FEED_FORMAT, ERR_FEED_VERSION; what the log throws */
  override async get(blockNumber: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.log.get(blockNumber, signal)
    const head = headOf(bytes, blockNumber)
    const keys = this.#keyring.find(head.secretId) ?? (await this.#findKeys(head, blockNumber, signal))
    return this.#open(bytes, head, blockNumber, keys).block
  }

  #open(bytes: Uint8Array, head: SealedHead, number: number, keys: SecretKeys): OpenedBlock {
    const { channelKey } = this.#keyring
    const opened = openBlock(bytes, head, { channelKey, number }, keys)
    const init = number - head.index.initDistance
    if (init > this.#newestInit) {
      this.#newestInit = init
      this.#hasLearnt = false
    }
    return opened
  }

  /** The secret of a block that the link's own does not open: an earlier one, or one that came after it. */
  async #findKeys(head: SealedHead, blockNumber: number, signal: AbortSignal): Promise<SecretKeys> {
    if (this.#newestInit > blockNumber && !this.#hasLearnt) {
      await this.#learn(this.#newestInit, signal)
      this.#hasLearnt = true
    }
    const keys = this.#keyring.find(head.secretId)
    if (keys !== null) return keys
    const init = blockNumber - head.index.initDistance
    const initHead = init === blockNumber ? head : headOf(await this.log.get(init, signal), init)
    throw this.#keyring.hasOwnIn(initHead.earlierIds) ? changed(blockNumber) : wrong(blockNumber)
  }

  async #learn(init: number, signal: AbortSignal): Promise<void> {
    const bytes = await this.log.get(init, signal)
    const head = headOf(bytes, init)
    const keys = this.#keyring.find(head.secretId)
    if (keys === null || !head.index.init) return
    for (const secret of this.#open(bytes, head, init, keys).earlierSecrets) this.#keyring.add(secret)
  }
}

function headOf(bytes: Uint8Array, blockNumber: number): SealedHead {
  const head = readSealedHead(bytes, blockNumber)
  if (head !== null) return head
  throw new HypervisionError(
    'ERR_FEED_FORMAT',
    `Block ${blockNumber} is not encrypted, and the link is of a private channel: it is not shown. The broadcaster wrote a broken feed.`,
    { detail: { blockNumber } },
  )
}

function changed(blockNumber: number): HypervisionError {
  return new HypervisionError(
    'ERR_SECRET_CHANGED',
    `The broadcaster changed the secret of this channel: the link opens nothing from block ${blockNumber} on. ` +
      'Ask the broadcaster for the new link.',
    { detail: { blockNumber } },
  )
}

function wrong(blockNumber: number): HypervisionError {
  return new HypervisionError(
    'ERR_SECRET_WRONG',
    `The secret in the link does not open this channel (block ${blockNumber}): it is made up, or too old. ` +
      'Ask the broadcaster for the link, and copy it whole.',
    { detail: { blockNumber } },
  )
}
