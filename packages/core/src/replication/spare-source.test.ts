// Which requests may go to the broadcaster, of peers that say what a test lets them say.
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { expect, it, onTestFinished, vi } from 'vitest'
import { SpareSource } from './spare-source.ts'

function madePeer(): HypercorePeer {
  const peer = { remoteContiguousLength: 10_000, remoteBitfield: { get: () => true }, _canRequest: () => true }
  return peer as unknown as HypercorePeer
}

it('spares the broadcaster what another peer has for 700 ms, and knows of 512 blocks how long they were waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  let isSilent = false
  const [source, other] = [madePeer(), madePeer()]
  const core = { peers: [source, other], on() {}, replicator: { updateAll: vi.fn() } }
  const spare = new SpareSource(core as unknown as Hypercore, {
    isSource: (peer) => peer === source,
    isSilent: () => isSilent,
  })
  onTestFinished(() => spare.close())
  const mayAsk = (block: number): boolean => source._canRequest(block, false)
  const asked = (blocks: number): boolean[] => Array.from({ length: blocks }, (_, block) => mayAsk(block))

  expect(other._canRequest(0, false)).toBe(true)
  expect(asked(512)).not.toContain(true)
  await vi.advanceTimersByTimeAsync(699)
  expect(asked(512)).not.toContain(true)
  await vi.advanceTimersByTimeAsync(1)
  expect(core.replicator.updateAll).toHaveBeenCalled()
  expect(asked(512)).not.toContain(false)
  // One more, and the oldest is waited for anew.
  expect(mayAsk(512)).toBe(false)
  expect(mayAsk(1)).toBe(true)
  expect(mayAsk(0)).toBe(false)

  // Nobody waits for whoever does not answer.
  expect(mayAsk(999)).toBe(false)
  isSilent = true
  expect(mayAsk(999)).toBe(true)
  isSilent = false

  spare.close()
  expect(mayAsk(1000)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})
