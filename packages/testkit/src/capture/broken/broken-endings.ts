/** Captures that do not end when they should, end otherwise than they should, or leave something behind. */
import { type BrokenCapture, brokenCapture, changeOpening, deafSignal } from './broken-capture.ts'

const aborting = 'ends soon and without an error when the signal aborts, and frees what it held'
const leaving = 'ends when the consumer leaves, and frees what it held'
const sourceEnd = 'ends without an error when its source does, and frees what it held'
const failing = 'throws a HypervisionError with a code of captures when its source fails, and frees what it held'

export const brokenEndings: readonly BrokenCapture[] = [
  brokenCapture(
    {
      rule: 'ends without an error when the signal has aborted before it is opened',
      flaw: 'throws the reason of the abort',
      complaint: 'The iteration ended with an error:',
    },
    (fake) =>
      changeOpening(fake, async function* (options) {
        options.signal.throwIfAborted()
        yield* fake.open(options)
      }),
  ),
  brokenCapture(
    {
      rule: 'ends without an error when the signal has aborted before it is opened',
      flaw: 'does not look whether the signal has aborted already',
      complaint: 'for the iteration to end after an abort.',
    },
    (fake) => changeOpening(fake, ({ signal }) => fake.open({ signal: signal.aborted ? deafSignal() : signal })),
  ),
  brokenCapture(
    { rule: aborting, flaw: 'throws when it is aborted', complaint: 'The iteration ended with an error:' },
    (fake) =>
      changeOpening(fake, async function* (options) {
        yield* fake.open(options)
        options.signal.throwIfAborted()
      }),
  ),
  brokenCapture({ rule: aborting, flaw: 'goes on', complaint: 'for the iteration to end after an abort.' }, (fake) =>
    changeOpening(fake, () => fake.open({ signal: deafSignal() })),
  ),
  brokenCapture(
    { rule: aborting, flaw: 'leaves a timer behind', complaint: 'Still held: Timeout.' },
    (fake, holdTimer) =>
      changeOpening(fake, (options) => {
        options.signal.addEventListener('abort', holdTimer, { once: true })
        return fake.open(options)
      }),
  ),
  brokenCapture({ rule: leaving, flaw: 'gives no way to leave', complaint: 'The iterator has no return()' }, (fake) =>
    changeOpening(fake, (options) => {
      const iterator = fake.open(options)[Symbol.asyncIterator]()
      return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }
    }),
  ),
  brokenCapture(
    { rule: leaving, flaw: 'leaves a timer behind', complaint: 'Still held: Timeout.' },
    (fake, holdTimer) =>
      changeOpening(fake, async function* (options) {
        let isOver = false
        try {
          yield* fake.open(options)
          isOver = true
        } finally {
          if (!isOver) holdTimer()
        }
      }),
  ),
  brokenCapture({ rule: leaving, flaw: 'yields on', complaint: 'Bytes were yielded after return().' }, (fake) =>
    changeOpening(fake, (options) => {
      const iterator = fake.open(options)[Symbol.asyncIterator]()
      const done = async (): Promise<IteratorResult<Uint8Array>> => ({ done: true, value: undefined })
      return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next(), return: done }) }
    }),
  ),
  brokenCapture(
    {
      rule: 'ends soon and without an error when the signal aborts while its source gives nothing',
      flaw: 'looks at the signal between chunks only',
      complaint: 'for the iteration to end after an abort.',
    },
    (fake) =>
      changeOpening(fake, async function* ({ signal }) {
        for await (const chunk of fake.open({ signal: deafSignal() })) {
          if (signal.aborted) return
          yield chunk
        }
      }),
  ),
  brokenCapture(
    { rule: sourceEnd, flaw: 'takes the end for a failure', complaint: 'The iteration ended with an error:' },
    (fake) =>
      changeOpening(fake, async function* (options) {
        yield* fake.open(options)
        if (!options.signal.aborted) throw new Error('The source is over.')
      }),
  ),
  brokenCapture(
    { rule: sourceEnd, flaw: 'waits for more', complaint: 'for the iteration to end with its source.' },
    (fake) =>
      changeOpening(fake, async function* (options) {
        yield* fake.open(options)
        await new Promise((resolve) => options.signal.addEventListener('abort', resolve, { once: true }))
      }),
  ),
  brokenCapture(
    { rule: sourceEnd, flaw: 'leaves a timer behind', complaint: 'Still held: Timeout.' },
    (fake, holdTimer) =>
      changeOpening(fake, async function* (options) {
        yield* fake.open(options)
        holdTimer()
      }),
  ),
  brokenCapture(
    { rule: failing, flaw: 'just ends', complaint: 'ended without an error, though its source had failed.' },
    (fake) =>
      changeOpening(fake, async function* (options) {
        try {
          yield* fake.open(options)
        } catch {}
      }),
  ),
  brokenCapture(
    { rule: failing, flaw: 'throws an error without a code', complaint: 'What was thrown is no HypervisionError' },
    (fake) =>
      changeOpening(fake, async function* (options) {
        try {
          yield* fake.open(options)
        } catch (cause) {
          throw new Error('The source has failed.', { cause })
        }
      }),
  ),
  brokenCapture(
    { rule: failing, flaw: 'leaves a timer behind', complaint: 'Still held: Timeout.' },
    (fake, holdTimer) =>
      changeOpening(fake, async function* (options) {
        try {
          yield* fake.open(options)
        } catch (error) {
          holdTimer()
          throw error
        }
      }),
  ),
]
