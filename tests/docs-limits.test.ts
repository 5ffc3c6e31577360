// docs/limits.md is believed by those who plan with it: its values have to be those of the sources, and none may be missing.
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { heldBy, notHeld } from './limits-held.ts'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const text = readFileSync(new URL('../docs/limits.md', import.meta.url), 'utf8')

/** Packages whose bounds the page promises to have all of: those that applications are built on. */
const covered = ['core', 'capture-node', 'transport-dht', 'transport-webrtc']

/** Constants that look like a bound and change nothing but speed. */
const tuning = new Set([
  'core/src/feed/feed-block.ts indexRoomBytes',
  'core/src/webm/byte-parts.ts smallPartBytes',
  'core/src/webm/byte-parts.ts slabBytes',
  'core/src/replication/given-blocks.ts nearBlocks',
  'core/src/replication/paced-replication.ts fullMs',
  'core/src/swarm/live/live-messages.ts nodeIdBytes',
  'core/src/swarm/live/live-options.ts hopMs',
  'core/src/swarm/live/live-options.ts tickMs',
  'core/src/swarm/live/adverts.ts advertMs',
  'core/src/swarm/live/children.ts easyMs',
  'core/src/swarm/live/gift-window.ts easyMs',
  'core/src/swarm/live/children.ts standingMs',
  'core/src/swarm/live/lateness.ts forgottenMs',
  'core/src/swarm/live/lateness.ts rememberedMs',
  'core/src/swarm/live/lateness.ts latestMs',
  'core/src/swarm/live/neighbour.ts unknownRoundTripMs',
  'core/src/swarm/live/parents.ts strangerMs',
  'core/src/swarm/live/parents.ts fullAtHomeMs',
  'core/src/swarm/live/parents.ts fullMs',
  'core/src/swarm/live/parents.ts worthwhileMs',
  'core/src/swarm/live/parents.ts noticeableMs',
  'core/src/swarm/live/parents.ts avoidedMs',
  'core/src/swarm/live/parents.ts restlessMs',
  'core/src/swarm/live/repair.ts busyMs',
  'core/src/swarm/live/repair.ts settleMs',
  'capture-node/src/webm-file.ts chunkBytes',
  'capture-node/src/webm-file.ts pieceMs',
])

interface Source {
  readonly file: string
  readonly name: string
}

const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (---|limit \|)/.test(line))
  .map((line) => {
    const [limit = '', value = '', , where = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    return { limit: limit.replaceAll('`', ''), value, sources: sourcesIn(where) }
  })

/** "`file` `name` `name`, `file` `name`" */
function sourcesIn(where: string): Source[] {
  let file = ''
  return [...where.matchAll(/`([^`]+)`/g)].flatMap(([, word = '']) => {
    if (!word.endsWith('.ts')) return [{ file, name: word }]
    file = word
    return []
  })
}

/** The numbers of a value cell, without those in parentheses. */
function numbersIn(value: string): number[] {
  const bare = value.replaceAll(/\([^)]*\)/g, '')
  return [...bare.matchAll(/\d{1,3}(?: \d{3})+|\d+(?:\.\d+)?/g)].map(([number]) => Number(number.replaceAll(' ', '')))
}

/** Evaluates an expression of numbers, and of the constants of its file that are such. */
function evaluate(expression: string, constants: Readonly<Record<string, unknown>>): unknown {
  return new Function(...Object.keys(constants), `return ${expression}`)(...Object.values(constants))
}

/** Constants of a file at the top level that need nothing but numbers and each other. */
function constantsOf(source: string): Record<string, unknown> {
  const constants: Record<string, unknown> = {}
  for (const [, name = '', expression = ''] of source.matchAll(/^(?:export )?const (\w+)(?:: \w+)? = (.+)$/gm)) {
    try {
      constants[name] = evaluate(expression, constants)
    } catch {
      // It needs something else.
    }
  }
  return constants
}

/** The numbers of a name in a file: of a constant, of an entry of a table, or of the check of an option. */
function numbersOf({ file, name }: Source): number[] {
  const source = readFileSync(packages + file, 'utf8')
  const constants = constantsOf(source)
  const [top = '', field] = name.split('.')
  const escaped = name.replaceAll('.', '\\.')
  const entry = new RegExp(`^ +${escaped}: (\\{.*\\}),$`, 'm').exec(source)?.[1]
  const check = new RegExp(`\\('${escaped}', [\\w.?]+, ([^()]+)\\)`).exec(source)?.[1]
  const constant = constants[top] as Record<string, unknown> | undefined
  const found =
    entry !== undefined
      ? evaluate(`(${entry})`, constants)
      : check !== undefined
        ? evaluate(`[${check}]`, constants)
        : field === undefined
          ? constant
          : constant?.[field]
  const values = typeof found === 'object' && found !== null ? Object.values(found) : [found]
  return values.filter((value) => typeof value === 'number')
}

/** Limits that count something, of the packages that strangers' bytes reach, as `file constant`. */
const counted = rows
  .flatMap(({ sources }) => sources)
  .filter(
    ({ file, name }) =>
      /^(core|transport-webrtc)\//.test(file) && !/(Ms|[pP]erSecond|Seconds|[pP]ort|jitter)$/.test(name),
  )
  .map(({ file, name }) => `${basename(file)} ${name}`)

/** The tests of a name, wherever they lie. */
function testsCalled(name: string): string {
  const folders = [...covered.map((folder) => `${packages}${folder}/src/`), `${packages}../tests/`]
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => basename(path) === name)
      .map((path) => readFileSync(folder + path, 'utf8')),
  )
  return found.join('\n')
}

const namesIn = (table: typeof heldBy): string[] =>
  Object.entries(table).flatMap(([file, names]) => Object.keys(names).map((name) => `${file} ${name}`))

describe('each limit', () => {
  test('is held by a test at its edge, or is known not to be', () => {
    expect([...namesIn(heldBy), ...namesIn(notHeld)].sort()).toEqual([...new Set(counted)].sort())
  })

  test.each(Object.values(heldBy).flatMap((names) => Object.entries(names)))(
    '%s is held by a test that is there',
    (_name, test) => {
      const [, file = '', called = ''] = /^(.+?\.test\.ts): (.+)$/.exec(test) ?? []
      expect(testsCalled(file)).toContain(called)
    },
  )
})

describe('docs/limits.md', () => {
  test.each(rows.filter(({ sources }) => sources.length > 0))('states $limit as the source has it', (row) => {
    const found = row.sources.flatMap((source) => {
      const numbers = numbersOf(source)
      expect(numbers, `${source.name} in ${source.file}`).not.toEqual([])
      return numbers
    })
    expect(numbersIn(row.value)).toEqual(found)
  })

  test('has every constant that is a bound', () => {
    const known = new Set(
      rows.flatMap(({ sources }) => sources.map(({ file, name }) => `${file} ${name.split('.')[0]}`)),
    )
    const missing = covered.flatMap((name) =>
      readdirSync(`${packages}${name}/src`, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
        .flatMap((path) => {
          const file = `${name}/src/${path}`
          return Object.entries(constantsOf(readFileSync(packages + file, 'utf8')))
            .filter(([constant, value]) => looksLikeBound(constant, value))
            .map(([constant]) => `${file} ${constant}`)
        })
        .filter((place) => !known.has(place) && !tuning.has(place)),
    )
    // A new bound gets a row; what only changes the speed goes into `tuning` above.
    expect(missing).toEqual([])
  })
})

function looksLikeBound(name: string, value: unknown): boolean {
  const isNumeric = typeof value === 'number' || (Array.isArray(value) && typeof value[0] === 'number')
  return isNumeric && /^(max|most|longest|latest|default)[A-Z]|(Ms|Bytes|Items|Seconds|Blocks)$/.test(name)
}
