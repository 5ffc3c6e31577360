/** Metadata of a private channel: encrypted as its blocks are, with a key of their own. docs/channel-protocol.md has it to the byte. */
import b4a from 'b4a'
import c from 'compact-encoding'
import type { MetadataCipher } from '../metadata/metadata-store.ts'
import { openMessage, sealMessage } from './sealed-message.ts'
import { type SecretKeys, secretIdLength } from './secret-keys.ts'

/** The secrets of one channel. */
export interface MetadataSecrets {
  /** 32 bytes. */
  readonly channelKey: Uint8Array
  /** What is said now is encrypted with it. */
  readonly current: SecretKeys
  /** The secret with this id; null where it is not known. */
  find(id: Uint8Array): SecretKeys | null
}

/** Hides metadata from those without a secret. */
export function metadataCipher(secrets: MetadataSecrets): MetadataCipher {
  const contextOf = (revision: number): Uint8Array => b4a.concat([secrets.channelKey, c.encode(c.uint64, revision)])
  return {
    seal(payload, revision) {
      const { id, metadata } = secrets.current
      return b4a.concat([id, sealMessage(metadata, payload, contextOf(revision))])
    },
    open(payload, revision) {
      const keys = secrets.find(payload.subarray(0, secretIdLength))
      return keys === null ? null : openMessage(keys.metadata, payload.subarray(secretIdLength), contextOf(revision))
    },
  }
}
