import { Duplex } from 'node:stream'
import { keyPair } from 'hypercore-crypto'
import { expect, it, onTestFinished } from 'vitest'
import type { TransportOpenOptions, TransportStream } from '../contracts/index.ts'
import { mostOfOneHost, remoteHost } from './remote-host.ts'
import { Swarm } from './swarm.ts'

it.each([
  ['203.0.113.7:4001', '203.0.113.7'],
  ['::ffff:203.0.113.7:4001', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6:4001', '2001:db8:1:2'],
  ['[2001:db8::5]:4001', '2001:db8:0:0'],
  ['2001:db8::1:2:3:4:5:4001', '2001:db8:0:1'],
  ['0b7c5dd2.local:4001', '0b7c5dd2.local'],
  // Those that are at home here.
  ['127.0.0.1:4001', null],
  ['[::1]:4001', null],
  ['192.168.1.20:4001', null],
  ['172.16.0.1:4001', null],
  ['172.32.0.1:4001', '172.32.0.1'],
  ['fd00::2:4001', null],
  [null, null],
])('%s is of the host %s', (address, host) => {
  expect(remoteHost(address)).toBe(host)
})

it('one host has three quarters of the places at the most, and eight in any case', () => {
  expect([1, 8, 20, 32].map(mostOfOneHost)).toEqual([8, 8, 15, 24])
})

/** A swarm, and connections from addresses: which of them it keeps. */
async function kept(addresses: readonly (string | null)[]): Promise<boolean[]> {
  let options: TransportOpenOptions | undefined
  const swarm = new Swarm({
    keyPair: keyPair(),
    maxPeers: 12,
    now: Date.now,
    transports: [
      {
        name: 'test',
        async open(given) {
          options = given
          return { join: () => ({ others: null, leave: async () => {} }), close: async () => {} } as never
        },
      },
    ],
    onopen() {},
    onclose() {},
    onwarning() {},
  })
  onTestFinished(() => swarm.close())
  await swarm.open([])
  const streams = addresses.map((remoteAddress) => {
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
    options?.onconnection({
      stream: stream as unknown as TransportStream,
      initiator: true,
      security: 'none',
      remoteAddress,
    })
    return stream
  })
  // Those that are refused are closed in the turns that follow, and nothing else happens here.
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  return streams.map(({ destroyed }) => !destroyed)
}

const times = <Value>(count: number, value: Value): Value[] => new Array<Value>(count).fill(value)

it('many identities from one address get a part of the places, and leave the others to others', async () => {
  const crowd = Array.from({ length: 20 }, (_, at) => `203.0.113.7:${4000 + at}`)
  expect(await kept([...crowd, '203.0.113.8:4000'])).toEqual([...times(9, true), ...times(11, false), true])
})

it('many processes of one machine, and peers whose address is not known, are nobody’s crowd', async () => {
  expect(await kept(times(20, '127.0.0.1:4000'))).toEqual(times(20, true))
  expect(await kept(times(20, null))).toEqual(times(20, true))
})
