// Messages of a data channel: each is a byte for its length, of which the highest bit says that it is bytes and no text, and then itself. A byte of
// zero reads what has come; what a peer can make wait here is bounded.
import { demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { DataChannelStream, messageCost, windowUnits } from '../../src/data-channel-stream.ts'
import { FakeChannel } from '../fake-channel.ts'

export const target: FuzzTarget = {
  name: 'data-channel',
  words: [[1, 0x70], [1, 0x65], [1, 0x66], [2, 0x63, 0x30], [4, 0x63, 0x32, 0x35, 0x36], [0x81, 0], [0]],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const channel = new FakeChannel()
  let destroyed = 0
  const stream = new DataChannelStream(channel, () => void destroyed++)
  stream.write(new Uint8Array(64))
  for (let at = 0; at < input.byteLength; ) {
    const head = input[at++] ?? 0
    const length = head & 0x7f
    if (length === 0) stream.read()
    else {
      const part = input.slice(at, at + length)
      at += length
      channel.emit('message', { data: (head & 0x80) === 0 ? Buffer.from(part).toString('latin1') : part.buffer })
    }
    demand(channel.sentUnits <= windowUnits + messageCost, 'more is on its way than a reader takes')
  }
  stream.destroy()
  demand(destroyed <= 1, 'the connection is freed twice')
}
