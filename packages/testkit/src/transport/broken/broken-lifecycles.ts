/** Transports that open or close otherwise than they promise. */
import type { Transport } from '@hypervision/core/contracts'
import { type BrokenTransport, brokenTransport, changeOptions, changeSession } from './broken-transport.ts'

export const brokenLifecycles: readonly BrokenTransport[] = [
  brokenTransport(
    {
      rule: 'holds nothing before it is opened',
      flaw: 'starts a timer when it is made',
      complaint: 'Still held: Timeout.',
    },
    (memory, holdTimer) => {
      holdTimer()
      return memory
    },
  ),
  brokenTransport(
    {
      rule: 'does not open when the signal has aborted, and holds nothing then',
      flaw: 'opens all the same',
      complaint: 'open() did not reject with the reason of its signal.',
    },
    (memory) => changeOptions(memory, () => ({ signal: undefined })),
  ),
  brokenTransport(
    {
      rule: 'does not open when the signal has aborted, and holds nothing then',
      flaw: 'rejects, and leaves a timer behind',
      complaint: 'Still held: Timeout.',
    },
    (memory, holdTimer) => ({
      ...memory,
      open(options) {
        if (options.signal?.aborted) holdTimer()
        return memory.open(options)
      },
    }),
  ),
  brokenTransport(
    {
      rule: 'closes all it holds, once, however often it is told to',
      flaw: 'leaves a timer behind',
      complaint: 'Still held: Timeout.',
    },
    (memory, holdTimer) =>
      changeSession(memory, () => {
        holdTimer()
        return {}
      }),
  ),
  brokenTransport(
    {
      rule: 'closes all it holds, once, however often it is told to',
      flaw: 'hangs when it is closed twice',
      complaint: 'for close() to resolve.',
    },
    (memory) =>
      changeSession(memory, (session) => {
        let isClosed = false
        return {
          close() {
            if (isClosed) return new Promise(() => {})
            isClosed = true
            return session.close()
          },
        }
      }),
  ),
  brokenTransport(
    {
      rule: 'closes while it is connecting, and makes no connection after that',
      flaw: 'goes on after it said that it is closed',
      complaint: 'A connection was made by a closed node.',
    },
    (memory) => changeSession(memory, () => ({ close: async () => {} })),
  ),
  brokenTransport(
    {
      rule: 'opens again after it was closed, with the same key, and is found again',
      flaw: 'joins nothing when it is opened again',
      complaint: 'for two nodes of one topic to be connected.',
    },
    (memory) => deafAfterFirst(memory),
  ),
  brokenTransport(
    {
      rule: 'closes once at both ends when a peer closes its transport',
      flaw: 'says that it is closed before its connections are',
      complaint: 'close() resolved before the connections were closed.',
    },
    (memory) =>
      changeSession(memory, (session) => ({
        async close() {
          setTimeout(() => session.close(), 1)
        },
      })),
  ),
]

function deafAfterFirst(memory: Transport): Transport {
  let openings = 0
  return changeSession(memory, () => {
    openings++
    return openings === 1 ? {} : { join: () => ({ ready: Promise.resolve(), leave: async () => {} }) }
  })
}
