// `pnpm bench NAME`: runs one bench, prints its table on stdout, and what is going on on stderr.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BenchResult } from './bench.ts'
import { benchNames, loadBench } from './find.ts'
import { describeMachine } from './machine.ts'
import { formatTable } from './table.ts'

const usage = 'Usage: pnpm bench NAME [--quick] [--case TEXT]… [--seed NUMBER] [--json FILE]'

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      case: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  const names = benchNames()
  const [name] = positionals
  if (name === undefined || positionals.length > 1 || !names.includes(name)) {
    const problem = name === undefined || values.help ? '' : `There is no bench '${positionals.join(' ')}'. `
    console.error(`${problem}${usage}\nBenches: ${names.join(', ')}`)
    return values.help ? 0 : 2
  }
  const bench = await loadBench(name)
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort(new Error('Interrupted')))
  process.once('SIGTERM', () => interrupt.abort(new Error('Terminated')))

  const machine = describeMachine()
  console.error(`${bench.title}${values.quick ? ' (quick run: do not quote)' : ''}`)
  console.error(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.os}, Node ${machine.node}`)
  const seed = Number.parseInt(values.seed, 10)
  const wants = (name: string): boolean => values.case.length === 0 || values.case.some((text) => name.includes(text))
  const measured = await bench.run({
    quick: values.quick,
    wants,
    isSelective: values.case.length > 0,
    seed,
    log: (line) => console.error(`  ${line}`),
    signal: interrupt.signal,
  })
  if (interrupt.signal.aborted) return 130
  const rows = measured.filter((row) => wants(row.case))
  console.log(formatTable(rows))
  if (values.json !== undefined) {
    const result: BenchResult = { name, machine, quick: values.quick, seed, rows }
    // pnpm runs scripts in the root; a relative path is meant from where the person stood.
    const file = resolve(process.env.INIT_CWD ?? '.', values.json)
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
    console.error(`Wrote ${file}`)
  }
  return 0
}

main().then(
  // A bench may leave sockets of its rivals behind; the result stands all the same.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error)
    process.exit(1)
  },
)
