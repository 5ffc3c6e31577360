// What a tracker says to a peer.
import { demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { binaryToHex, readTrackerMessage } from '../../src/signalling/tracker-messages.ts'

export const target: FuzzTarget = {
  name: 'tracker-messages',
  words: [
    '"announce"',
    '"failure reason":',
    '"info_hash":"aaaaaaaaaaaaaaaaaaaa"',
    '"offer":{"sdp":"v=0"}',
    '1e999',
    '__proto__',
    '\\u0000',
    '\\ud800',
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const message = readTrackerMessage(new TextDecoder().decode(input))
  if (message === null) return
  const { infoHash } = message
  demand(infoHash === null || binaryToHex(infoHash).length === 40, 'a hash is not of 20 bytes')
  if (message.kind === 'failure') demand(message.reason.length <= 200, 'a reason is too long')
  else demand(infoHash !== null, 'it is about nothing')
  if (message.kind === 'announced') {
    for (const count of [message.peers, message.intervalSeconds]) {
      demand(count === null || (count >= 0 && count <= 2_000_000), `a count is ${count}`)
    }
  }
  if (message.kind === 'offer')
    demand(message.from.length === 20 && message.offerId.length === 20, 'an id is not of 20 bytes')
}
