/** Options of every command that takes part in the network. */
import type { Transport } from '@hypervision/core'
import { dht } from '@hypervision/transport-dht'
import { flag, list, value } from '../options/option.ts'
import { hostPort, text, wholeNumber } from '../options/value-text.ts'

/** `--bootstrap`, `--max-peers` */
export const networkOptions = {
  bootstrap: list(
    'HOST:PORT',
    'Node of the DHT to begin with, instead of the public ones; repeatable. See hypervision bootstrap',
    hostPort,
  ),
  'max-peers': value('NUMBER', 'Most connections at once, 1 to 1024. Default: 64', wholeNumber(1, 1024)),
}

/** `--storage` */
export const storageOption = value(
  'DIR',
  'Folder that keeps the channel, so that it goes on with the same link. Default: memory, gone at the end',
  text,
)

/** `--json` */
export const jsonOption = flag('One JSON object a line on stdout, for programs')

/** What the options come to, as core takes them. */
export function nodeOptions(values: {
  readonly bootstrap: readonly string[]
  readonly 'max-peers': number | undefined
  readonly storage?: string | undefined
}): { transports: Transport[]; maxPeers?: number; storage?: string } {
  const { bootstrap, 'max-peers': maxPeers, storage } = values
  return {
    transports: [dht(bootstrap.length === 0 ? {} : { bootstrap })],
    ...(maxPeers === undefined ? {} : { maxPeers }),
    ...(storage === undefined ? {} : { storage }),
  }
}
