// `pnpm fuzz [TARGET…]`: fuzzes targets, prints a table on stdout and what is going on on stderr, and puts what it finds into the corpus.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { formatTable } from '../bench/table.ts'
import { bundle } from './bundle.ts'
import { type FuzzResult, fuzzTarget } from './fuzz-target.ts'
import type { Finding } from './fuzzer.ts'
import { corpusFolder, findTargets, readCorpus } from './targets.ts'

const usage = `Usage: pnpm fuzz [TARGET]… [--inputs N] [--seed N] [--grow]

  --inputs N  inputs that each target is run with (1000000)
  --seed N    what is drawn at random is drawn anew for each seed (1)
  --grow      put inputs that reach branches first, which the corpus does not, into the corpus`

interface Settings {
  readonly inputs: number
  readonly seed: number
  readonly grow: boolean
  readonly signal: AbortSignal
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      grow: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  })
  const targets = findTargets()
  const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
  const unknown = positionals.filter((name) => !targets.has(name))
  const isWrong = unknown.length > 0 || !Number.isSafeInteger(inputs) || inputs < 0 || !Number.isSafeInteger(seed)
  if (isWrong || values.help) {
    if (unknown.length > 0) console.error(`There is no target '${unknown.join(', ')}'.`)
    else if (isWrong) console.error('--inputs and --seed are whole numbers.')
    console.error(`${usage}\n\nTargets: ${[...targets.keys()].join(', ')}`)
    return isWrong ? 2 : 0
  }
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  process.once('SIGTERM', () => interrupt.abort())
  const settings = { inputs, seed, grow: values.grow, signal: interrupt.signal }
  const rows: Row[] = []
  for (const [name, file] of targets) {
    if (interrupt.signal.aborted || (positionals.length > 0 && !positionals.includes(name))) continue
    rows.push(await fuzz(name, file, settings))
  }
  console.log(formatTable(rows.map(({ target, ...rest }) => ({ case: target, ...rest }))))
  if (interrupt.signal.aborted) return 130
  return rows.every(({ crashes, hangs, memory }) => crashes + hangs + memory === 0) ? 0 : 1
}

interface Row {
  readonly target: string
  readonly inputs: number
  readonly seconds: number
  readonly branches: number
  readonly new: number
  readonly crashes: number
  readonly hangs: number
  readonly memory: number
  readonly growthMB: number | null
  readonly peakMB: number | null
}

async function fuzz(name: string, file: string, { inputs, seed, grow, signal }: Settings): Promise<Row> {
  const start = performance.now()
  const corpus = readCorpus(name)
  const bundled = await bundle(file)
  const progress = reporter(name, inputs)
  let runs = 0
  let result: FuzzResult
  try {
    result = await fuzzTarget({
      bundle: bundled,
      corpus: [...corpus.values()],
      inputs,
      seed,
      tellsNew: grow,
      signal,
      onprogress(done, reached) {
        runs = done
        progress.show(done, reached)
      },
    })
  } finally {
    progress.clear()
    await bundled.remove()
  }
  for (const finding of result.findings) keep(name, finding)
  growCorpus(name, result, bundled.places)
  const { outcome } = result
  const count = (kind: Finding['kind']): number => result.findings.filter((finding) => finding.kind === kind).length
  return {
    target: name,
    inputs: outcome?.runs ?? runs,
    seconds: Math.round((performance.now() - start) / 1000),
    branches: outcome?.reached ?? 0,
    new: outcome === null ? 0 : outcome.reached - outcome.reachedByCorpus,
    crashes: count('crash'),
    hangs: count('hang'),
    memory: count('memory'),
    growthMB: outcome === null ? null : outcome.growthBytes / 1e6,
    peakMB: outcome === null ? null : outcome.peakBytes / 1e6,
  }
}

/** Puts a finding into the corpus, and says what it is. */
function keep(name: string, { kind, input, what }: Finding): void {
  console.error(`${name}: ${kind}\n${what}`)
  if (input.byteLength > 0)
    write(name, `${kind}-${createHash('sha256').update(input).digest('hex').slice(0, 8)}`, input)
}

/** The first input at each place that had not been reached, named after the place. */
function growCorpus(name: string, { discoveries }: FuzzResult, places: readonly string[]): void {
  const taken = new Map<string, number>()
  for (const { input, place } of discoveries) {
    const [file = '', inFunction = ''] = (places[place] ?? '').replace(/(\/index)?\.[jt]s /, ' ').split(' ')
    const kebab = inFunction.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    const called = ['reaches', basename(file), ...(kebab === '' ? [] : [kebab])].join('-')
    const count = (taken.get(called) ?? 0) + 1
    taken.set(called, count)
    write(name, count === 1 ? called : `${called}-${count}`, input)
  }
}

function write(name: string, called: string, input: Uint8Array): void {
  const folder = corpusFolder(name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, called), input)
  console.error(`  ${relative(process.cwd(), join(folder, called))}`)
}

/** A line that is written over in a terminal, and lines elsewhere. */
function reporter(name: string, inputs: number) {
  const { isTTY } = process.stderr
  let told = 0
  return {
    show(runs: number, reached: number): void {
      const tenth = Math.floor((10 * runs) / Math.max(1, inputs))
      if (!isTTY && tenth === told) return
      told = tenth
      const line = `${name}: ${runs} inputs, ${reached} branches`
      process.stderr.write(isTTY ? `\r\x1b[2K${line}` : `${line}\n`)
    },
    clear(): void {
      if (isTTY) process.stderr.write('\r\x1b[2K')
    },
  }
}

process.exitCode = await main()
