/** Captures that yield something else than they should, or at another time. */
import { type BrokenCapture, brokenCapture, changeOpening } from './broken-capture.ts'

export const brokenSources: readonly BrokenCapture[] = [
  brokenCapture(
    {
      rule: 'holds nothing before it is opened',
      flaw: 'starts a timer when it is made',
      complaint: 'Still held: Timeout.',
    },
    (fake, holdTimer) => {
      holdTimer()
      return fake
    },
  ),
  brokenCapture(
    {
      rule: 'begins with an EBML header',
      flaw: 'begins in the middle of the stream',
      complaint: 'where an EBML header (1a 45 df a3) was expected.',
    },
    (fake) =>
      changeOpening(fake, async function* (options) {
        let isFirst = true
        for await (const chunk of fake.open(options)) {
          if (!isFirst) yield chunk
          isFirst = false
        }
      }),
  ),
  brokenCapture(
    {
      rule: 'yields WebM that core can cut',
      flaw: 'yields something else behind its header',
      complaint: 'What is yielded cannot be cut:',
    },
    (fake) =>
      changeOpening(fake, async function* (options) {
        let isFirst = true
        for await (const chunk of fake.open(options)) {
          yield isFirst ? chunk : new Uint8Array(chunk.byteLength)
          isFirst = false
        }
      }),
  ),
  brokenCapture(
    {
      rule: 'yields WebM that core can cut',
      flaw: 'yields text',
      complaint: 'Something was yielded that is no Uint8Array.',
    },
    (fake) =>
      changeOpening(fake, async function* (options) {
        for await (const chunk of fake.open(options)) yield String(chunk) as unknown as Uint8Array
      }),
  ),
  brokenCapture(
    {
      rule: 'yields chunks whose bytes do not change afterwards',
      flaw: 'yields one buffer again and again',
      complaint: 'changed after it was yielded.',
    },
    (fake) =>
      changeOpening(fake, async function* (options) {
        const buffer = new Uint8Array(64 * 1024)
        for await (const chunk of fake.open(options)) {
          buffer.set(chunk)
          yield buffer.subarray(0, chunk.byteLength)
        }
      }),
  ),
  brokenCapture(
    { rule: 'yields bytes in real time', flaw: 'yields as fast as it is read', complaint: 'ms of media came within' },
    (fake) => fake,
    { fake: { isPaced: false } },
  ),
  brokenCapture(
    {
      rule: 'holds a fast source back while the consumer does not read',
      flaw: 'gathers without bound what nobody reads',
      complaint: 'bytes were taken from the source while the consumer did not read.',
    },
    (fake) =>
      changeOpening(fake, async function* ({ signal }) {
        const queue: Uint8Array[] = []
        let wake = (): void => {}
        const gathering = gather(fake.open({ signal }), (chunk) => {
          queue.push(chunk)
          wake()
        })
        for (;;) {
          const chunk = queue.shift()
          if (chunk !== undefined) yield chunk
          else if (await Promise.race([gathering, arrival((resolve) => (wake = resolve))])) return
        }
      }),
  ),
]

async function gather(source: AsyncIterable<Uint8Array>, take: (chunk: Uint8Array) => void): Promise<boolean> {
  for await (const chunk of source) take(chunk)
  return true
}

function arrival(listen: (resolve: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => listen(() => resolve(false)))
}
