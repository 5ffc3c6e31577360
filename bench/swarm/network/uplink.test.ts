import { expect, it } from 'vitest'
import { VirtualTime } from '../time/virtual-time.ts'
import { Uplink } from './uplink.ts'

it('carries exactly its rate, first come, first served', async () => {
  const time = new VirtualTime()
  const uplink = new Uplink(time, 1_000_000)
  const left: [number, number][] = []
  // A second of the uplink, in pieces of ten milliseconds.
  for (let piece = 0; piece < 100; piece++) uplink.send(1250, (leavesAtMs) => left.push([piece, leavesAtMs]))
  await time.run(time.sleep(2000))
  expect(left.map(([piece]) => piece)).toEqual(Array.from({ length: 100 }, (_, piece) => piece))
  for (const [piece, leavesAtMs] of left) expect(leavesAtMs).toBeCloseTo(10 * (piece + 1), 6)
})

it('takes in no more than a router holds, and the rest as room comes up', async () => {
  const time = new VirtualTime()
  const uplink = new Uplink(time, 1_000_000)
  const takenAtMs: number[] = []
  for (let piece = 0; piece < 100; piece++) uplink.send(1250, () => takenAtMs.push(time.now()))
  // 32 KiB hold 26.2 pieces; the one that fills the queue is in it.
  expect(takenAtMs).toHaveLength(27)
  await time.run(time.sleep(2000))
  const last = takenAtMs.at(-1) ?? 0
  expect(takenAtMs).toHaveLength(100)
  expect(last).toBeGreaterThan(700)
  expect(last).toBeLessThan(750)
})

it('is as fast as ever after a rest', async () => {
  const time = new VirtualTime()
  const uplink = new Uplink(time, 8000)
  await time.run(time.sleep(500))
  let leftAtMs = 0
  uplink.send(100, (leavesAtMs) => {
    leftAtMs = leavesAtMs
  })
  expect(leftAtMs).toBe(600)
})

it('waits for room with one timer, however many connections share it and never pause', async () => {
  const time = new VirtualTime()
  let timers = 0
  const uplink = new Uplink(
    {
      now: () => time.now(),
      after(milliseconds, callback) {
        timers++
        return time.after(milliseconds, callback)
      },
    },
    1_000_000,
  )
  let taken = 0
  const send = (): void => uplink.send(1250, onTaken)
  const onTaken = (): void => {
    taken++
    send()
  }
  for (let connection = 0; connection < 8; connection++) send()
  await time.run(time.sleep(5000))
  expect(taken).toBeGreaterThan(500)
  // Rounding may have a timer end a hair too early.
  expect(timers).toBeLessThan(3 * taken)
})
