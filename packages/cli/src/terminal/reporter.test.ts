import { HypervisionError } from '@hypervision/core/contracts'
import { describe, expect, test } from 'vitest'
import { jsonReporter, textReporter } from './reporter.ts'

/** A stream that keeps what is written. */
function sink(isTTY = false) {
  const written: string[] = []
  return { isTTY, columns: 80, write: (text: string) => written.push(text), text: () => written.join('') }
}

const error = new HypervisionError('ERR_OPTION_LINK', 'It is misspelt.', { detail: { link: 'x' } })
const fields = [{ text: 'live', rank: 0 }]

describe('for people', () => {
  test('only results go to stdout', () => {
    const [stdout, stderr] = [sink(), sink()]
    const reporter = textReporter({ stdout, stderr, env: {} })
    reporter.result('live', { link: 'LINK' }, 'LINK')
    reporter.note('waiting', {}, 'Waiting …')
    reporter.hint('Try it.')
    reporter.error(error)
    expect(stdout.text()).toBe('LINK\n')
    expect(stderr.text()).toBe('Waiting …\nTry it.\nError ERR_OPTION_LINK: It is misspelt.\n')
  })

  test('titles of others do not steer the terminal, and words are not cut in two at its edge', () => {
    const stderr = sink(true)
    const reporter = textReporter({ stdout: sink(), stderr, env: {} })
    reporter.note('live', {}, `Playing "\u001b[2J${'word '.repeat(17)}": video`)
    expect(stderr.text()).toBe(`Playing "[2J${'word '.repeat(13).trimEnd()}\nword word word word ": video\n`)
    reporter.error(new Error('x '.repeat(60).trimEnd()))
    const unpainted = stderr.text().replaceAll('\u001b[31m', '').replaceAll('\u001b[39m', '')
    for (const line of unpainted.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('figures are a plain line now and then where stderr is no terminal', () => {
    const stderr = sink()
    const reporter = textReporter({ stdout: sink(), stderr, env: {} })
    for (let second = 0; second < 25; second++) reporter.stats({}, [{ text: `second ${second}`, rank: 0 }])
    expect(stderr.text()).toBe('second 0\nsecond 10\nsecond 20\n')
  })

  test('colours are for terminals, unless NO_COLOR is set', () => {
    const texts = [
      { isTTY: true, env: {} },
      { isTTY: true, env: { NO_COLOR: '1' } },
      { isTTY: true, env: { TERM: 'dumb' } },
      { isTTY: false, env: {} },
    ].map(({ isTTY, env }) => {
      const stderr = sink(isTTY)
      textReporter({ stdout: sink(), stderr, env }).error(error)
      return stderr.text().includes('\u001b[31m')
    })
    expect(texts).toEqual([true, false, false, false])
  })

  test('a stack is shown for debugging only', () => {
    for (const [env, isShown] of [
      [{}, false],
      [{ HYPERVISION_DEBUG: '1' }, true],
    ] as const) {
      const stderr = sink()
      textReporter({ stdout: sink(), stderr, env }).error(error)
      expect(stderr.text().includes('reporter.test.ts')).toBe(isShown)
    }
  })
})

describe('for programs', () => {
  test('everything is one object a line with its event first', () => {
    const stream = sink()
    const reporter = jsonReporter(stream, {})
    reporter.result('live', { link: 'LINK' }, 'LINK')
    reporter.hint('Try it.')
    reporter.stats({ peers: [] }, fields)
    reporter.warning(new Error('It shakes.'))
    reporter.error(error)
    expect(stream.text().trimEnd().split('\n')).toEqual([
      '{"event":"live","link":"LINK"}',
      '{"event":"stats","peers":[]}',
      '{"event":"warning","code":null,"message":"It shakes."}',
      '{"event":"error","code":"ERR_OPTION_LINK","message":"It is misspelt.","detail":{"link":"x"}}',
    ])
  })
})
