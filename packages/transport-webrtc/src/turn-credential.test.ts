// A TURN server of our own, as far as a client shows who it is: https://www.rfc-editor.org/rfc/rfc8489#section-9.2
import { createHash, createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { expect, onTestFinished, test } from 'vitest'
import { rtcPlatform } from './platform.ts'

const headerLength = 20
const attributes = { username: 0x0006, messageIntegrity: 0x0008, errorCode: 0x0009, realm: 0x0014, nonce: 0x0015 }
const realm = 'test'

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}

/** Where the value of an attribute lies; null where the message has none of the type. */
function find(message: Buffer, wanted: number): { at: number; value: Buffer } | null {
  for (let at = headerLength; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2)
    if (message.readUInt16BE(at) === wanted) return { at, value: message.subarray(at + 4, at + 4 + length) }
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return null
}

/** "Who are you?" */
function challenge(request: Buffer): Buffer {
  const body = Buffer.concat([
    attribute(attributes.errorCode, Buffer.from([0, 0, 4, 1])),
    attribute(attributes.realm, Buffer.from(realm)),
    attribute(attributes.nonce, Buffer.from('once')),
  ])
  const head = Buffer.from(request.subarray(0, headerLength))
  head.writeUInt16BE(request.readUInt16BE() | 0x0110)
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}

/** Whether the message was signed with this password. */
function isSignedWith(message: Buffer, username: string, password: string): boolean {
  const integrity = find(message, attributes.messageIntegrity)
  if (integrity === null) return false
  const signed = Buffer.from(message.subarray(0, integrity.at))
  // The length counts up to the end of the signature, whatever comes after it.
  signed.writeUInt16BE(integrity.at + 24 - headerLength, 2)
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest()
  return createHmac('sha1', key).update(signed).digest().equals(integrity.value)
}

test.each([
  ['somebody', 'secret'],
  ['1893456000:somebody', 'b+64/with=='],
  ['me@example.org', 'p@ss:100%25 Käse'],
])('a TURN server gets the username %s and the password %s as they are', async (username, credential) => {
  const server = createSocket('udp4')
  onTestFinished(() => void server.close())
  const claim = new Promise<Buffer>((resolve) => {
    server.on('message', (message, { port, address }) => {
      if (find(message, attributes.username) === null) server.send(challenge(message), port, address)
      else resolve(message)
    })
  })
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  const { PeerConnection } = await rtcPlatform()
  const connection = new PeerConnection({
    iceServers: [{ urls: [`turn:127.0.0.1:${server.address().port}`], username, credential }],
    iceTransportPolicy: 'all',
  })
  onTestFinished(() => connection.close())
  connection.createDataChannel('any', { negotiated: true, id: 0, ordered: true })
  await connection.setLocalDescription(await connection.createOffer())
  const message = await claim
  expect(find(message, attributes.username)?.value.toString()).toBe(username)
  expect(isSignedWith(message, username, credential)).toBe(true)
  expect(isSignedWith(message, username, `${credential}x`)).toBe(false)
})
