// Metadata of a channel: records as they are signed, what is in them, and what is in those of private channels. The first byte says which.
import { isDeepStrictEqual } from 'node:util'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { readMetadata, writeMetadata } from '../../src/metadata/metadata-payload.ts'
import { readRecord, signRecord } from '../../src/metadata/metadata-record.ts'
import { metadataCipher } from '../../src/sealing/sealed-metadata.ts'
import { secretKeys } from '../../src/sealing/secret-keys.ts'
import { friday } from '../metadata-samples.ts'
import { withCode } from './refusals.ts'
import { signer } from './signed-core.ts'

const isRefusal = withCode(/^ERR_FEED_(FORMAT|VERSION)$/)
const channelKey = Hypercore.key(signer.publicKey)
const current = secretKeys(b4a.alloc(32, 9), channelKey)
const cipher = metadataCipher({
  channelKey,
  current,
  find: (id) => (b4a.equals(id, current.id) ? current : null),
})
const payload = writeMetadata(friday)
const revision = 1_700_000_000_000
const record = signRecord({ revision, isSealed: false, payload }, signer)
const sealed = cipher.seal(payload, revision)

export const target: FuzzTarget = {
  name: 'metadata',
  seeds: () => [record, payload, sealed].map((bytes, kind) => b4a.concat([Uint8Array.of(kind), bytes])),
  prepare() {
    demand(readRecord(record, channelKey) !== null, 'the record that the broadcaster signed is refused')
    demand(cipher.open(sealed, revision) !== null, 'what the broadcaster sealed is refused')
    return run
  },
}

function run(input: Uint8Array): void {
  const bytes = input.subarray(1)
  switch ((input[0] ?? 0) % 3) {
    case 0:
      demand(
        readRecord(bytes, channelKey) === null || b4a.equals(bytes, record),
        'a record is taken that was not signed',
      )
      return
    case 1: {
      const metadata = attempt(isRefusal, () => readMetadata(bytes))
      if (metadata === undefined) return
      const again = readMetadata(writeMetadata(metadata))
      demand(isDeepStrictEqual(again, metadata), 'metadata are others once they were written again')
      return
    }
    default:
      demand(
        cipher.open(bytes, revision) === null || b4a.equals(bytes, sealed),
        'metadata are opened that were not sealed',
      )
  }
}
