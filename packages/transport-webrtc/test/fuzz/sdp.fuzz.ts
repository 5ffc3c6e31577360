// Session descriptions, which go to native code: what passes is of one shape, and tells of nobody but who signed it.
import { isDeepStrictEqual } from 'node:util'
import { demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { readIdentity, Signer } from '../../src/identity.ts'
import { maxCandidates, maxSdpLength, readSdp, splitCandidates, writeSdp } from '../../src/sdp.ts'
import { descriptionLines } from '../session-description.ts'

const topic = new Uint8Array(32).fill(7)
const publicKey = Uint8Array.from(
  Buffer.from('8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c', 'hex'),
)
const secretKey = Uint8Array.from([...new Uint8Array(32).fill(1), ...publicKey])
const signer = new Signer({ publicKey, secretKey })
const plain = descriptionLines.join('\r\n')
const identify = (fingerprints: readonly string[]): string => signer.sign({ type: 'offer', topic, fingerprints })
const signed = writeSdp(plain, { relayOnly: false, identify })

export const target: FuzzTarget = {
  name: 'sdp',
  words: [...descriptionLines.map((line) => `${line}\r\n`), 'a=hypervision:', '\r\n', 'm=application ', 'a=candidate:'],
  seeds: () => [new TextEncoder().encode(signed)],
  prepare() {
    demand(identityOf(signed) === signer.id, 'who signed a description is refused')
    return run
  },
}

function run(input: Uint8Array): void {
  const text = new TextDecoder().decode(input)
  const read = readSdp(text)
  if (read === null) return
  const { sdp, fingerprints } = read
  demand(sdp.length <= maxSdpLength + 512 && /^[\x20-\x7e\r\n]*$/.test(sdp), 'passes what it should not')
  demand(sdp.match(/^m=/gm)?.length === 1 && fingerprints.length > 0, 'passes other media')
  demand(isDeepStrictEqual(readSdp(sdp), { sdp, identity: null, fingerprints }), 'what passed reads as something else')
  const split = splitCandidates(sdp)
  demand(split.candidates.length <= maxCandidates && !/^a=candidate:/m.test(split.sdp), 'passes too many candidates')
  const isGenuine = fingerprints.length === 1 && fingerprints[0] === 'a=fingerprint:sha-256 9D:59'
  demand(identityOf(text) === null || isGenuine, 'a certificate is taken for that of somebody else')
}

function identityOf(text: string): string | null {
  const read = readSdp(text)
  if (read === null) return null
  const { identity, fingerprints } = read
  return readIdentity(identity, { type: 'offer', topic, fingerprints })?.id ?? null
}
