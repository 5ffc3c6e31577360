import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channelPair } from '../test/channel-pair.ts'
import { DataChannelStream, maxMessageBytes, messageCost, windowUnits } from './data-channel-stream.ts'
import type { RtcDataChannel, RtcEvent } from './rtc-types.ts'

/** The other end is the bare channel: what a peer may do that does not keep the rules. */
async function streamAndChannel(): Promise<[DataChannelStream, RtcDataChannel]> {
  const [near, far] = await channelPair()
  far.binaryType = 'arraybuffer'
  return [new DataChannelStream(near, () => near.close()), far]
}

function whyClosed(stream: DataChannelStream): Promise<string> {
  return new Promise((resolve) => {
    let reason = 'no error'
    stream.on('error', (error) => {
      reason = error.message
    })
    stream.on('close', () => resolve(reason))
  })
}

test('carries any chunks both ways, in order, and closes at both ends when both have ended', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 200_000, size: 'max' }), { maxLength: 8 }),
      fc.array(fc.uint8Array({ maxLength: 2000, size: 'max' }), { maxLength: 8 }),
      async (there, back) => {
        const [near, far] = await channelPair()
        const a = new DataChannelStream(near, () => near.close())
        const b = new DataChannelStream(far, () => far.close())
        const arrived = (stream: DataChannelStream): Promise<Uint8Array> => {
          const chunks: Uint8Array[] = []
          stream.on('data', (chunk) => chunks.push(chunk as Uint8Array))
          return new Promise((resolve) => stream.on('close', () => resolve(Buffer.concat(chunks))))
        }
        const results = Promise.all([arrived(b), arrived(a)])
        for (const chunk of there) a.write(chunk)
        for (const chunk of back) b.write(chunk)
        a.end(undefined)
        b.end(undefined)
        const [atB, atA] = await results
        expect(Buffer.concat(there).equals(atB)).toBe(true)
        expect(Buffer.concat(back).equals(atA)).toBe(true)
      },
    ),
    { numRuns: 15 },
  )
})

test('stops at the window while nobody reads, counting what each message costs', async () => {
  const [stream, far] = await streamAndChannel()
  let units = 0
  let told = (): void => {}
  far.addEventListener('message', (event) => {
    const { data } = event as RtcEvent & { data: unknown }
    if (data instanceof ArrayBuffer) units += data.byteLength + messageCost
    told()
  })
  // What is left of a window may be too little for one more message.
  const reached = (least: number): Promise<void> =>
    new Promise((resolve) => {
      told = () => {
        if (units > least - messageCost) resolve()
      }
    })
  const window = reached(windowUnits)
  for (let count = 0; count < 40; count++) stream.write(new Uint8Array(64 * 1024))
  await window
  const more = reached(windowUnits + 100_000)
  far.send('c100000')
  await more
  // By the time of the next heartbeat, all that was allowed has arrived, and nothing else.
  await new Promise<void>((resolve) => {
    told = resolve
  })
  expect(units).toBeLessThanOrEqual(windowUnits + 100_000)
  stream.destroy()
})

describe('a peer that does not keep the rules is dropped:', () => {
  const attacks: Record<string, (far: RtcDataChannel) => void> = {
    'a text that means nothing': (far) => far.send('hello'),
    'a long text': (far) => far.send(`c${'9'.repeat(1000)}`),
    'credit for what was not sent': (far) => far.send('c1'),
    'a confirmation of an end that was not sent': (far) => far.send('f'),
    'two ends': (far) => {
      far.send('e')
      far.send('e')
    },
    'bytes after the end': (far) => {
      far.send('e')
      far.send(new Uint8Array(1))
    },
    'a message that is too long': (far) => far.send(new Uint8Array(maxMessageBytes + 1)),
    'more bytes than the window': (far) => {
      for (let sent = 0; sent <= windowUnits; sent += maxMessageBytes) far.send(new Uint8Array(maxMessageBytes))
    },
    'more tiny messages than the window': (far) => {
      for (let sent = 0; sent <= windowUnits; sent += messageCost) far.send(new Uint8Array(0))
    },
  }
  test.each(Object.entries(attacks))('%s', async (_name, attack) => {
    const [stream, far] = await streamAndChannel()
    const reason = whyClosed(stream)
    attack(far)
    expect(await reason).toBe('The peer breaks the rules of the connection.')
  })
})

test('a peer that says nothing at all is dropped, and one that only says that it is there is not', async () => {
  const [silent, _far] = await streamAndChannel()
  const [living, there] = await streamAndChannel()
  const heartbeat = setInterval(() => there.send('p'), 500)
  expect(await whyClosed(silent)).toBe('The peer has fallen silent.')
  clearInterval(heartbeat)
  expect(living.destroyed).toBe(false)
  living.destroy()
})

test('says that it is there while there is nothing to send', async () => {
  const [stream, far] = await streamAndChannel()
  const said = await new Promise((resolve) => {
    far.addEventListener('message', (event) => resolve((event as RtcEvent & { data: unknown }).data))
  })
  expect(said).toBe('p')
  stream.destroy()
})

test('something else than bytes is refused', async () => {
  const [stream] = await streamAndChannel()
  const reason = whyClosed(stream)
  stream.write('text')
  expect(await reason).toBe('A connection carries bytes: write a Uint8Array.')
})
