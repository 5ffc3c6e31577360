// A fuzzer that finds nothing proves nothing: it has to find what is planted here.
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { type Bundle, bundle } from './bundle.ts'
import { fuzzTarget } from './fuzz-target.ts'
import { Fuzzer } from './fuzzer.ts'
import { instrument } from './instrument.ts'
import { target as stepByStep } from './planted/step-by-step.fuzz.ts'

const bundles: Bundle[] = []
afterAll(() => Promise.all(bundles.map((each) => each.remove())))

async function planted(name: string): Promise<Bundle> {
  const made = await bundle(fileURLToPath(new URL(`planted/${name}.fuzz.ts`, import.meta.url)))
  bundles.push(made)
  return made
}

const inputs = 100_000
const corpus = [Uint8Array.from([1, 2, 3, 4])]

test('finds a fault that only coverage leads to, and gives the shortest input of it', async () => {
  const { findings, outcome } = await fuzzTarget({
    bundle: await planted('step-by-step'),
    corpus,
    inputs,
    seed: 1,
  })
  expect(findings).toMatchObject([{ kind: 'crash', what: expect.stringContaining('the planted fault') }])
  // The place in the source, not in what was made of it.
  expect(findings[0]?.what).toContain('planted/step-by-step.fuzz.ts:')
  expect([...(findings[0]?.input ?? [])]).toEqual([23, 54, 169, 86])
  expect(outcome?.runs).toBeGreaterThan(inputs)
})

test('does not find it without coverage, in as many inputs', async () => {
  const findings: unknown[] = []
  new Fuzzer({
    run: await stepByStep.prepare(),
    corpus,
    words: [],
    maxInputBytes: 64,
    seed: 1,
    hits: new Uint32Array(0),
    onfinding: (finding) => findings.push(finding),
  }).go(inputs)
  expect(findings).toEqual([])
})

test('finds an input that hangs', async () => {
  const { findings, outcome } = await fuzzTarget({
    bundle: await planted('endless'),
    corpus,
    inputs: 60_000,
    seed: 1,
    hangMs: 500,
  })
  expect(findings).toMatchObject([{ kind: 'hang' }])
  expect([...(findings[0]?.input ?? [])]).toContain(0)
  expect(outcome).toBe(null)
})

test('finds memory that is not given back', async () => {
  const { findings } = await fuzzTarget({ bundle: await planted('hoarder'), corpus, inputs: 2000, seed: 1 })
  expect(findings).toMatchObject([{ kind: 'memory', what: expect.stringContaining('still in use') }])
})

test('counts branches where they are, and leaves lines where they were', () => {
  const source = [
    'export function f(a, b = 1) {',
    '  if (a) return b ? a && 2 : [b ?? 3].map((c) => c)',
    '  for (const d of a) switch (d) { case 4: return 5',
    '    default: }',
    '}',
  ].join('\n')
  const { code, places } = instrument(source, 'f.ts', 7)
  expect(places).toEqual(Array.from({ length: 12 }, () => 'f.ts f'))
  expect(code.split('\n')).toHaveLength(5)
  const hits = new Uint32Array(7 + places.length)
  const f = new Function('__fuzzHits', `${code.replace('export', 'return')}`)(hits) as (a: unknown) => unknown
  expect([f(1), f([4]), f([])]).toEqual([2, 2, 2])
  expect(hits.subarray(0, 7).every((count) => count === 0)).toBe(true)
})
