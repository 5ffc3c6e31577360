import { expect, test } from 'vitest'
import { manualClock } from '../../../test/swarm/manual-clock.ts'
import { ClosedDoors } from './closed-doors.ts'

test('a full peer is called again after 2 s, then after twice as long each time, and 2 min at the most', async () => {
  const clock = manualClock()
  const doors = new ClosedDoors(clock, () => 0.5)
  for (const waitMs of [2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000]) {
    doors.leftHost('host')
    await clock.advance(waitMs - 1)
    expect(doors.mayConnect('host', false)).toBe(false)
    await clock.advance(1)
    expect(doors.mayConnect('host', false)).toBe(true)
  }
})

test('its waits are up to a quarter longer or shorter', async () => {
  for (const [random, waitMs] of [
    [0, 1500],
    [1, 2500],
  ] as const) {
    const clock = manualClock()
    const doors = new ClosedDoors(clock, () => random)
    doors.leftHost('host')
    await clock.advance(waitMs - 1)
    expect(doors.mayConnect('host', false)).toBe(false)
    await clock.advance(1)
    expect(doors.mayConnect('host', false)).toBe(true)
  }
})

test('a guest is taken again after 2 s while there is no room, and at once where there is', async () => {
  const clock = manualClock()
  const doors = new ClosedDoors(clock, () => 0.5)
  doors.guestLeft('guest')
  await clock.advance(1999)
  expect([doors.mayConnect('guest', true), doors.mayConnect('guest', false)]).toEqual([false, true])
  await clock.advance(1)
  expect(doors.mayConnect('guest', true)).toBe(true)
})

test('1024 peers of each kind are remembered, and the oldest is forgotten for one more', () => {
  const doors = new ClosedDoors(manualClock(), () => 0.5)
  for (let number = 0; number < 1024; number++) {
    doors.leftHost(`host ${number}`)
    doors.guestLeft(`guest ${number}`)
  }
  const open = (number: number): boolean[] => [
    doors.mayConnect(`host ${number}`, false),
    doors.mayConnect(`guest ${number}`, true),
  ]
  expect([open(0), open(1023)]).toEqual([
    [false, false],
    [false, false],
  ])
  doors.leftHost('host 1024')
  doors.guestLeft('guest 1024')
  expect([open(0), open(1), open(1024)]).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ])
})
