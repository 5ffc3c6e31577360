import { expect, it } from 'vitest'
import { VirtualTime } from './virtual-time.ts'

it('runs timers in the order in which they are due, those of one moment as they were set', async () => {
  const time = new VirtualTime()
  const ran: string[] = []
  for (const [name, ms] of [
    ['c', 30],
    ['a', 10],
    ['d', 30],
    ['b', 20],
  ] as const) {
    time.after(ms, () => ran.push(`${name} ${time.now()}`))
  }
  await time.run(time.sleep(30))
  expect(ran).toEqual(['a 10', 'b 20', 'c 30', 'd 30'])
})

it('stands still until all that follows from a timer has been done', async () => {
  const time = new VirtualTime()
  const moments: number[] = []
  time.after(10, async () => {
    for (let step = 0; step < 100; step++) await Promise.resolve()
    await new Promise((resolve) => process.nextTick(resolve))
    moments.push(time.now())
  })
  time.after(11, () => moments.push(time.now()))
  await time.run(time.sleep(20))
  expect(moments).toEqual([10, 11])
})

it('forgets a timer that was taken back, and runs one that was put off when it is due', async () => {
  const time = new VirtualTime()
  const ran: [string, number][] = []
  const cancel = time.after(10, () => ran.push(['taken back', time.now()]))
  const timer = time.add(10, () => ran.push(['put off', time.now()]))
  time.after(5, () => {
    cancel()
    timer.dueAtMs = 25
  })
  time.after(20, () => ran.push(['other', time.now()]))
  await time.run(time.sleep(100))
  expect(ran).toEqual([
    ['other', 20],
    ['put off', 25],
  ])
})

it('gives what the promise gives, and says when nothing could settle it any more', async () => {
  const time = new VirtualTime()
  expect(await time.run(time.sleep(5).then(() => 'done'))).toBe('done')
  await expect(time.run(Promise.reject(new Error('as it is')))).rejects.toThrow('as it is')
  await expect(time.run(new Promise(() => {}))).rejects.toThrow('no timer is set')
})

it('takes as many timers as a large swarm has', async () => {
  const time = new VirtualTime()
  let last = 0
  let isInOrder = true
  for (let count = 0; count < 20_000; count++) {
    time.after((count * 7919) % 10_007, () => {
      isInOrder &&= time.now() >= last
      last = time.now()
    })
  }
  await time.run(time.sleep(10_007))
  expect(isInOrder).toBe(true)
  expect(last).toBe(10_006)
})
