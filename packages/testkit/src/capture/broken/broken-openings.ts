/** Captures that cannot be opened again, or may be opened when they should not. */
import { HypervisionError } from '@hypervision/core/contracts'
import { type BrokenCapture, brokenCapture, changeOpening } from './broken-capture.ts'

const again = 'can be opened again after it ended'
const exclusive = 'refuses to be opened a second time while it runs, and runs on'
const shared = 'serves several openings at once, each from its beginning'

export const brokenOpenings: readonly BrokenCapture[] = [
  brokenCapture(
    {
      rule: 'can be opened again after its source failed',
      flaw: 'stays in use when it has failed',
      complaint: 'It is taken for open after it has failed.',
    },
    (fake) => {
      let isOpen = false
      return changeOpening(fake, async function* (options) {
        if (isOpen) throw inUse()
        isOpen = true
        yield* fake.open(options)
        isOpen = false
      })
    },
  ),
  brokenCapture({ rule: again, flaw: 'opens once only', complaint: 'The capture failed: It is in use.' }, (fake) => {
    let isUsed = false
    return changeOpening(fake, async function* (options) {
      if (isUsed) throw inUse()
      isUsed = true
      yield* fake.open(options)
    })
  }),
  brokenCapture(
    { rule: again, flaw: 'goes on where it was when it is opened again', complaint: 'where an EBML header' },
    (fake) => {
      let openings = 0
      return changeOpening(fake, async function* (options) {
        let skipped = openings++
        for await (const chunk of fake.open(options)) if (skipped-- <= 0) yield chunk
      })
    },
  ),
  brokenCapture(
    { rule: exclusive, flaw: 'opens twice', complaint: 'It was opened a second time while it ran.' },
    (fake) => fake,
    { fake: { isShareable: true } },
  ),
  brokenCapture(
    {
      rule: exclusive,
      flaw: 'refuses with an error without a code',
      complaint: 'A second opening was not refused with ERR_CAPTURE_IN_USE',
    },
    (fake) =>
      changeOpening(fake, async function* (options) {
        if (fake.openings > 0) throw new Error('It is in use.')
        yield* fake.open(options)
      }),
  ),
  brokenCapture(
    { rule: exclusive, flaw: 'refuses by a throw of open()', complaint: 'errors come from next().' },
    (fake) =>
      changeOpening(fake, (options) => {
        if (fake.openings > 0) throw inUse()
        return fake.open(options)
      }),
  ),
  brokenCapture(
    {
      rule: exclusive,
      flaw: 'takes itself for closed when it has refused an opening',
      complaint: 'It was opened a second time while it ran.',
    },
    (fake) => {
      let isOpen = false
      return changeOpening(fake, async function* (options) {
        try {
          if (isOpen) throw inUse()
          isOpen = true
          yield* fake.open(options)
        } finally {
          isOpen = false
        }
      })
    },
    { fake: { isShareable: true } },
  ),
  brokenCapture(
    {
      rule: shared,
      flaw: 'serves one at a time',
      complaint: 'The capture failed: This fakeCapture() is open already.',
    },
    (fake) => fake,
    { isShareable: true, fake: { isShareable: false } },
  ),
  brokenCapture(
    { rule: shared, flaw: 'ends all openings with one', complaint: 'The iteration ended before it was told to.' },
    (fake) =>
      changeOpening(fake, (options) => {
        options.signal.addEventListener('abort', () => fake.end(), { once: true })
        return fake.open(options)
      }),
    { isShareable: true },
  ),
]

function inUse(): HypervisionError {
  return new HypervisionError('ERR_CAPTURE_IN_USE', 'It is in use.')
}
