// Blocks of a private channel, tampered with: none opens but as it was sealed, in its place. The first byte is the place.
import b4a from 'b4a'
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { writeEndBlock, writeInitBlock } from '../../src/feed/feed-block.ts'
import { openBlock, readSealedHead, sealBlock } from '../../src/sealing/sealed-block.ts'
import { secretKeys } from '../../src/sealing/secret-keys.ts'
import { withCode } from './refusals.ts'

const isRefusal = withCode(/^ERR_FEED_(FORMAT|VERSION)$/)
const channelKey = b4a.alloc(32, 1)
const [keys, earlier, oldest] = [2, 3, 4].map((fill) => secretKeys(b4a.alloc(32, fill), channelKey)) as [
  Keys,
  Keys,
  Keys,
]
type Keys = ReturnType<typeof secretKeys>
const nonce = b4a.alloc(24, 5)

// An init block is told by what it does not begin with; what its init segment holds is sealed.
const initBlock = writeInitBlock(b4a.from([0x1a, 0x45, 0xdf, 0xa3, 0x80]))
const genuine = [
  sealBlock(initBlock, { channelKey, number: 0 }, keys, [earlier, oldest], nonce),
  sealBlock(writeEndBlock(1, 0), { channelKey, number: 1 }, keys, [], nonce),
  sealBlock(writeEndBlock(2, 1), { channelKey, number: 2 }, keys, [earlier], nonce),
]

export const target: FuzzTarget = {
  name: 'sealed-block',
  seeds: () => genuine.map((block, number) => b4a.concat([Uint8Array.of(number), block])),
  prepare() {
    genuine.forEach((block, number) => void demand(opens(block, number), 'what the broadcaster sealed is refused'))
    return run
  },
}

function run(input: Uint8Array): void {
  const number = (input[0] ?? 0) % 4
  const bytes = input.subarray(1)
  if (!opens(bytes, number)) return
  const block = genuine[number]
  demand(block !== undefined && b4a.equals(bytes, block), 'a block is opened that was not sealed for this place')
}

function opens(bytes: Uint8Array, number: number): boolean {
  const opened = attempt(isRefusal, () => {
    const head = readSealedHead(bytes, number)
    return head === null ? null : openBlock(bytes, head, { channelKey, number }, keys)
  })
  return opened !== undefined && opened !== null
}
