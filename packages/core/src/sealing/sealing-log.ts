/** The log of a private channel as its writer sees it: blocks of feed format 1, encrypted as they are stored. */
import type { AppendLog } from '../feed/feed-log.ts'
import type { ChannelSecrets } from './channel-secrets.ts'
import { openBlock, readSealedHead, sealBlock } from './sealed-block.ts'

/** Seals what goes in and opens what comes out. */
export class SealingLog implements AppendLog {
  readonly #log: AppendLog
  readonly #secrets: ChannelSecrets

  constructor(log: AppendLog, secrets: ChannelSecrets) {
    this.#log = log
    this.#secrets = secrets
  }

  get length(): number {
    return this.#log.length
  }

  async read(blockNumber: number): Promise<Uint8Array> {
    const bytes = await this.#log.read(blockNumber)
    const head = readSealedHead(bytes, blockNumber)
    const keys = head === null ? null : this.#secrets.find(head.secretId)
    // Nothing else is written to a private channel: the writer says what is wrong with it.
    if (head === null || keys === null) return bytes
    return openBlock(bytes, head, { channelKey: this.#secrets.channelKey, number: blockNumber }, keys).block
  }

  append(block: Uint8Array): Promise<void> {
    const { channelKey, current, earlier } = this.#secrets
    return this.#log.append(sealBlock(block, { channelKey, number: this.#log.length }, current, earlier))
  }
}
