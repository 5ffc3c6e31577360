import { describe, expect, test } from 'vitest'
import { fitLine, LiveLine } from './live-line.ts'

const fields = [
  { text: 'live 12:34', rank: 0 },
  { text: '3 peers', rank: 1 },
  { text: '812 kbit/s', rank: 2 },
  { text: '10.0 blocks/s', rank: 3 },
]

describe('the live line', () => {
  test('leaves out what matters least where the terminal is narrow', () => {
    expect(fitLine(fields, 80)).toBe('live 12:34 · 3 peers · 812 kbit/s · 10.0 blocks/s')
    expect(fitLine(fields, 40)).toBe('live 12:34 · 3 peers · 812 kbit/s')
    expect(fitLine(fields, 20)).toBe('live 12:34 · 3 peers')
    expect(fitLine(fields, 19)).toBe('live 12:34')
    expect(fitLine(fields, 6)).toBe('live …')
  })

  test('never is wider than the terminal', () => {
    for (let columns = 1; columns < 60; columns++)
      expect([...fitLine(fields, columns)].length).toBeLessThanOrEqual(columns)
  })

  test('keeps the last column free and comes back below what is printed above it', () => {
    const written: string[] = []
    const line = new LiveLine({ isTTY: true, columns: 34, write: (text) => written.push(text) })
    line.show(fields)
    line.print('Something happened.')
    line.finish()
    line.print('The end.')
    const drawn = '\r\u001b[2Klive 12:34 · 3 peers · 812 kbit/s'
    expect(written.join('')).toBe(`${drawn}\r\u001b[2KSomething happened.\n${drawn}\nThe end.\n`)
  })

  test('writes nothing of its own where there is no terminal', () => {
    const written: string[] = []
    const line = new LiveLine({ isTTY: false, write: (text) => written.push(text) })
    line.show(fields)
    line.print('Something happened.')
    line.finish()
    expect(written).toEqual(['Something happened.\n'])
  })
})
