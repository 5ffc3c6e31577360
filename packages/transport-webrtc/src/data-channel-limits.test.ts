// What a peer can make wait in a stream over a data channel, at each limit and one past it.
import { expect, onTestFinished, test } from 'vitest'
import { FakeChannel } from '../test/fake-channel.ts'
import { DataChannelStream } from './data-channel-stream.ts'

function open() {
  const channel = new FakeChannel()
  const stream = new DataChannelStream(channel, () => {})
  onTestFinished(() => stream.destroy())
  const take = (data: string | ArrayBuffer): boolean => {
    channel.emit('message', { data })
    return !stream.destroying
  }
  return { channel, stream, take }
}

test('a message of 65 536 bytes is taken, and one of one more drops the peer', () => {
  const { take } = open()
  expect([take(new ArrayBuffer(65_536)), take(new ArrayBuffer(65_537))]).toEqual([true, false])
})

test('1 048 576 bytes wait for a reader, each message counting for 256 more, and one more drops the peer', () => {
  const { take } = open()
  const whole = new ArrayBuffer(65_536 - 256)
  for (let count = 0; count < 16; count++) expect(take(whole)).toBe(true)
  expect(take(new ArrayBuffer(0))).toBe(false)
  const tiny = open()
  for (let count = 0; count < 4096; count++) expect(tiny.take(new ArrayBuffer(0))).toBe(true)
  expect(tiny.take(new ArrayBuffer(0))).toBe(false)
})

test('a text of 24 characters is read, and one of one more drops the peer', () => {
  const { take } = open()
  expect([take(`c${'0'.repeat(23)}`), take(`c${'0'.repeat(24)}`)]).toEqual([true, false])
})

test('a writer is given credit for what it has sent, and a peer that gives more is dropped', () => {
  const { stream, take } = open()
  stream.write(new Uint8Array(64))
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    expect([take('c320'), take('c321')]).toEqual([true, false])
  })
})
