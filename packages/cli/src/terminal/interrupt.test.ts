import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { listenForInterrupts } from './interrupt.ts'

class FakeProcess extends EventEmitter {
  readonly exits: number[] = []
  exit(code: number): void {
    this.exits.push(code)
  }
}

test('the first signal asks for an end, and a second one of any kind is the end', () => {
  const source = new FakeProcess()
  let asked = 0
  listenForInterrupts(source, () => asked++)
  source.emit('SIGTERM')
  expect([asked, source.exits]).toEqual([1, []])
  source.emit('SIGINT')
  expect([asked, source.exits]).toEqual([1, [130]])
})

test('nobody listens any more after the end', () => {
  const source = new FakeProcess()
  const stop = listenForInterrupts(source, () => {})
  stop()
  expect(source.eventNames()).toEqual([])
})
