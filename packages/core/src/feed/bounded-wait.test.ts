import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { waitUnless, waitWithin } from './bounded-wait.ts'

/** Ends with the signal alone. */
const forEver = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

it('gives up after its time, however often garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc')
  const collect = setInterval(runInNewContext('gc') as () => void, 20)
  onTestFinished(() => clearInterval(collect))
  expect(await waitWithin(200, new AbortController().signal, forEver)).toBe(null)
})

it('gives what it waited for, and what went wrong with it', async () => {
  const { signal } = new AbortController()
  expect(await waitWithin(60_000, signal, async () => 7)).toBe(7)
  await expect(
    waitWithin(60_000, signal, async () => {
      throw new Error('no such block')
    }),
  ).rejects.toThrow('no such block')
})

it("ends with the caller's reason, and watches for nothing any more", async () => {
  const caller = new AbortController()
  const disarm = vi.fn()
  const waiting = waitUnless(caller.signal, () => disarm, forEver)
  caller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(disarm).toHaveBeenCalledOnce()
  await expect(waitUnless(caller.signal, () => disarm, forEver)).rejects.toThrow('enough')
  expect(disarm).toHaveBeenCalledOnce()
})
