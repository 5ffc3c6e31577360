// Every parser that bytes of strangers reach, with its corpus and a few inputs made from that. `pnpm fuzz` runs a million of each.
import { describe, expect, test } from 'vitest'
import { type Finding, Fuzzer } from './fuzzer.ts'
import { wordsOf } from './target.ts'
import { findTargets, loadTarget, readCorpus } from './targets.ts'

const inputs = 2000

describe.each([...findTargets()])('%s', (name, file) => {
  test('takes its corpus and what is made of it, or refuses it as it should', async () => {
    const target = await loadTarget(name, file)
    const corpus = readCorpus(name)
    expect(corpus.size).toBeGreaterThan(0)
    const findings: Finding[] = []
    const fuzzer = new Fuzzer({
      run: await target.prepare(),
      corpus: [...corpus.values(), ...(target.seeds?.() ?? [])],
      words: wordsOf(target),
      maxInputBytes: target.maxInputBytes ?? 2048,
      seed: 1,
      hits: new Uint32Array(0),
      onfinding: (finding) => findings.push(finding),
    })
    fuzzer.go(inputs)
    expect(findings.map(({ input, what }) => ({ what, input: Buffer.from(input).toString('hex') }))).toEqual([])
  })
})
