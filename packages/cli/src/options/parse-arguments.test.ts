import { HypervisionError } from '@hypervision/core/contracts'
import { describe, expect, test } from 'vitest'
import { flag, list, optionalValue, value, valueOr } from './option.ts'
import { parseArguments } from './parse-arguments.ts'
import { hostPort, port, text, wholeNumber } from './value-text.ts'

const table = {
  loop: flag('Again and again'),
  title: value('TEXT', 'Title', text),
  count: valueOr('NUMBER', 3, 'Count', wholeNumber(1, 9)),
  http: optionalValue('PORT', 'any' as const, 'Serve', port),
  bootstrap: list('HOST:PORT', 'Nodes', hostPort),
}

/** The message of the usage error that the arguments make. */
function problemOf(...args: string[]): string {
  try {
    parseArguments(table, args)
  } catch (error) {
    expect(error).toBeInstanceOf(HypervisionError)
    expect((error as HypervisionError).code).toBe('ERR_OPTION_INVALID')
    return (error as HypervisionError).message
  }
  return 'no error'
}

describe('arguments', () => {
  test('have defaults where nothing is given', () => {
    expect(parseArguments(table, [])).toEqual({
      values: { loop: false, title: undefined, count: 3, http: undefined, bootstrap: [] },
      positionals: [],
    })
  })

  test('take values with a space or an equals sign, anywhere among the positionals', () => {
    const { values, positionals } = parseArguments(table, ['a', '--title', 'My show', '-', '--count=4', '--loop', 'b'])
    expect(values).toMatchObject({ title: 'My show', count: 4, loop: true })
    expect(positionals).toEqual(['a', '-', 'b'])
  })

  test('leave the next word alone where an option can stand without a value and the word is none', () => {
    expect(parseArguments(table, ['--http', 'hypervision:abc'])).toMatchObject({
      values: { http: 'any' },
      positionals: ['hypervision:abc'],
    })
    expect(parseArguments(table, ['--http', '0', 'x'])).toMatchObject({ values: { http: 0 }, positionals: ['x'] })
    expect(parseArguments(table, ['--http=8080']).values.http).toBe(8080)
  })

  test('collect an option that is repeated', () => {
    const args = ['--bootstrap', '127.0.0.1:1', '--bootstrap', '[::1]:2']
    expect(parseArguments(table, args).values.bootstrap).toEqual(['127.0.0.1:1', '[::1]:2'])
  })

  test('are no options behind two hyphens', () => {
    expect(parseArguments(table, ['--', '--loop']).positionals).toEqual(['--loop'])
  })
})

describe('arguments that cannot be used', () => {
  test.each([
    [['--lop'], 'There is no option --lop. Did you mean --loop?'],
    [['--zzzzzz'], 'There is no option --zzzzzz.'],
    [['-l'], 'There is no option -l.'],
    [['--title'], '--title needs a value: --title TEXT.'],
    [['--title', '--loop'], '--title needs a value: --title TEXT.'],
    [['--title='], '--title must not be empty; "" was given.'],
    [['--loop=yes'], '--loop takes no value.'],
    [['--loop', '--loop'], '--loop is given twice.'],
    [['--count', '10'], '--count must be a whole number from 1 to 9; "10" was given.'],
    [['--count', '1.5'], '--count must be a whole number from 1 to 9; "1.5" was given.'],
    [['--http=99999'], '--http must be a whole number from 0 to 65535; "99999" was given.'],
    [['--bootstrap', 'here'], '--bootstrap must be HOST:PORT, such as 127.0.0.1:49737; "here" was given.'],
    [['--constructor'], 'There is no option --constructor.'],
  ])('%j: %s', (args, message) => {
    expect(problemOf(...args)).toBe(message)
  })
})
