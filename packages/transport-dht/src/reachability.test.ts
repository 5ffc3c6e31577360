import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { TransportOpenOptions, TransportSession } from '@hypervision/core/contracts'
import { afterEach, expect, test } from 'vitest'
import { dht } from './dht.ts'

const sessions: TransportSession[] = []
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
})

/** Opens a node; resolves once it reports trouble. */
async function open(bootstrap: string, signal?: AbortSignal): Promise<{ trouble: Promise<Error> }> {
  let onerror = (_error: Error): void => {}
  const trouble = new Promise<Error>((resolve) => {
    onerror = resolve
  })
  const options: TransportOpenOptions = {
    keyPair: { publicKey: new Uint8Array(32), secretKey: new Uint8Array(64) },
    maxConnections: 8,
    accept: () => true,
    onconnection: () => {},
    onerror: (error) => onerror(error),
    signal,
  }
  sessions.push(await dht({ bootstrap: [bootstrap] }).open(options))
  return { trouble }
}

test('a bootstrap node that does not answer is said with its address', async () => {
  // A socket that takes everything and never answers.
  const silent = createSocket('udp4').bind(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = `127.0.0.1:${silent.address().port}`
  const { trouble } = await open(address)
  expect(await trouble).toMatchObject({
    code: 'ERR_TRANSPORT_FAILED',
    message: expect.stringContaining(`${address} does not answer`),
    detail: { bootstrap: [address] },
  })
  silent.close()
})

test('opening is given up at once when the signal aborts', async () => {
  const giveUp = new AbortController()
  const opening = open('127.0.0.1:1', giveUp.signal)
  giveUp.abort(new Error('enough'))
  await expect(opening).rejects.toThrow('enough')
})
