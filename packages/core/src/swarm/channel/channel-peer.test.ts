// The protocol on a real connection: what a peer that floods, or sends what is too long, gets for it.
import { keyPair } from 'hypercore-crypto'
import Protomux from 'protomux'
import { expect, it, onTestFinished } from 'vitest'
import { line } from '../../../test/swarm/introduction-nodes.ts'
import { manualClock, settle } from '../../../test/swarm/manual-clock.ts'
import type { TransportConnection } from '../../contracts/index.ts'
import { maxRecordBytes } from '../../metadata/metadata-record.ts'
import { PeerConnection } from '../peer-connection.ts'
import * as messages from './channel-messages.ts'
import { openChannelPeer } from './channel-peer.ts'

const id = new Uint8Array(32)

/** A node, and a peer that says what the test has it say. */
async function meet() {
  const [a, b] = [keyPair(), keyPair()]
  const [left, right] = line(a, b)
  const heard: string[] = []
  const connection: TransportConnection = {
    stream: left as unknown as TransportConnection['stream'],
    initiator: true,
    security: 'noise',
    remoteAddress: null,
  }
  const node = new PeerConnection(connection, {
    transport: 'test',
    keyPair: a,
    now: Date.now,
    onopen(opened) {
      openChannelPeer(opened, {
        id,
        clock: manualClock(),
        onopen: () => [
          { onhave: (revision) => void heard.push(`have ${revision}`), onclose: () => void heard.push('closed') },
          { onget: () => void heard.push('get') },
        ],
      })
    },
    onclose() {},
    onbanish: (_connection, reason) => void heard.push(`banished: ${reason}`),
  })
  onTestFinished(() => node.destroy())
  await right.opened
  const channel = Protomux.from(right).createChannel<messages.Hello>({
    protocol: 'hypervision/channel',
    id,
    handshake: messages.hello,
    onopen() {},
    onclose() {},
  })
  if (channel === null) throw new Error('there is no other')
  const have = channel.addMessage({ encoding: messages.have, onmessage() {} })
  const get = channel.addMessage({ encoding: messages.get, onmessage() {} })
  const record = channel.addMessage({
    encoding: { ...messages.record, preencode: messages.record.preencode },
    onmessage() {},
  })
  return { channel, have, get, record, heard }
}

it('passes messages on to whom they concern', async () => {
  const { channel, have, get, heard } = await meet()
  channel.open({ version: 1 })
  have.send(7)
  get.send(null)
  await settle()
  expect(heard).toEqual(['have 7', 'get'])
})

it('banishes who sends more than 64 messages at once', async () => {
  const { channel, get, heard } = await meet()
  channel.open({ version: 1 })
  for (let at = 0; at < 65; at++) get.send(null)
  await settle()
  expect(heard.slice(0, 64)).toEqual(new Array(64).fill('get'))
  expect(heard.slice(64)).toEqual(['banished: it says more about the channel than there is to say', 'closed'])
})

it('ends the connection of who sends a longer record than there is', async () => {
  const { channel, record, heard } = await meet()
  channel.open({ version: 1 })
  record.send(new Uint8Array(maxRecordBytes + 1))
  await settle()
  expect(heard).toEqual(['closed'])
})

it('speaks with nobody of another version', async () => {
  const { channel, get, heard } = await meet()
  channel.open({ version: 2 })
  get.send(null)
  await settle()
  expect([heard, channel.closed]).toEqual([[], true])
})
