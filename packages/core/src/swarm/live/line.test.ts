import { expect, it } from 'vitest'
import { Line } from './line.ts'

it('knows what has arrived by the heartbeats that are answered', () => {
  const line = new Line(0)
  line.give(1000)
  line.beat(1, 100)
  line.give(500)
  line.beat(2, 200)
  line.give(250)
  expect(line.echo(1, 150, 40, 300)).toBe(1000)
  expect(line.echo(2, 250, 40, 400)).toBe(500)
})

it('takes for what waits how late the newest heartbeat was and how long none came after it, not how long the answer took', () => {
  const line = new Line(0)
  for (let beat = 1; beat <= 5; beat++) line.beat(beat, beat * 100)
  line.echo(1, 50, 20, 9000)
  expect(line.waitMs).toBe(20)
  line.echo(2, 50 + 1 + 300, 150, 9100)
  expect(line.waitMs).toBe(450)
})

it('counts an answer once, and none to what was never said', () => {
  const line = new Line(0)
  line.give(1000)
  line.beat(1, 100)
  line.give(1000)
  line.beat(2, 200)
  expect(line.echo(2, 250, 0, 300)).toBe(2000)
  expect([line.echo(2, 250, 0, 400), line.echo(1, 150, 0, 400), line.echo(77, 250, 0, 400)]).toEqual([0, 0, 0])
})

it('remembers 64 heartbeats', () => {
  const line = new Line(0)
  line.give(1000)
  for (let beat = 1; beat <= 65; beat++) line.beat(beat, beat)
  expect([line.echo(1, 1, 0, 100), line.echo(2, 2, 0, 100)]).toEqual([0, 1000])
})

it('waits for an answer as long as answers take, and longer where they vary', () => {
  const even = new Line(0)
  const uneven = new Line(0)
  expect(even.patienceMs).toBe(400)
  for (let answer = 0; answer < 40; answer++) {
    even.answer(200)
    uneven.answer(answer % 2 === 0 ? 50 : 350)
  }
  expect(even.patienceMs).toBeCloseTo(200, 0)
  expect(uneven.patienceMs).toBeGreaterThan(500)
})
