import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../commands/commands.ts'
import { commandHelp, programHelp } from './help.ts'

describe('help', () => {
  test.each([40, 50, 80, 100, 200])('of every command fits %d columns, examples aside', (columns) => {
    for (const command of commands) {
      const [text = ''] = commandHelp(command, columns).split('\nExamples\n')
      for (const line of text.split('\n').slice(3)) expect(line.length, line).toBeLessThanOrEqual(columns)
    }
  })

  test.each(commands.map((command) => [command.name, command] as const))(
    'of %s names all it takes',
    (_name, command) => {
      const text = commandHelp(command, 80)
      for (const name of Object.keys(command.options)) expect(text).toContain(`--${name}`)
      for (const { name } of command.positionals) expect(text).toContain(name)
    },
  )

  test('of the program names every command', () => {
    const text = programHelp(commands, 80)
    for (const { name, summary } of commands) expect(text.replaceAll(/\s+/g, ' ')).toContain(`${name} ${summary}`)
  })

  test.each(commands.flatMap((command) => command.examples.map(([line]) => [line, command] as const)))(
    'example is understood: %s',
    (line, command) => {
      const [words = ''] = line.split(/ [|<] /)
      const args = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
      expect(args[0]).toBe(command.name)
      expect(() => command.prepare(args.slice(1))).not.toThrow()
    },
  )

  test('of the README names every command and only what they take', () => {
    const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const lines = [...text.matchAll(/^(?:.*\| )?hypervision (\w+.*)$/gm)].map((match) => match[1] ?? '')
    const used = lines.flatMap((line) => {
      const [words = ''] = line.split(/ [|<#] ?/)
      const [name, ...args] = [...words.trim().matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
      const command = commands.find((one) => one.name === name)
      if (command === undefined) return []
      expect(() => command.prepare(args), line).not.toThrow()
      return [command.name]
    })
    expect(new Set(used)).toEqual(new Set(commands.map(({ name }) => name)))
  })
})
