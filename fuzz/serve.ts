// In the worker: runs a target as its job says, and watches the memory.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { Fuzzer } from './fuzzer.ts'
import { hitsName } from './hits.ts'
import { currentHead, type Job, type JobMessage } from './job.ts'
import { type FuzzTarget, wordsOf } from './target.ts'

/** Inputs between two looks at the memory. */
const roundInputs = 500
const progressMs = 500
/** Memory that is not given back is a finding from there on, and so is more than that at once. */
const maxGrowthBytes = 16 * 1024 * 1024
const maxPeakBytes = 512 * 1024 * 1024

/** Runs a target in this worker. */
export async function serve(target: FuzzTarget): Promise<void> {
  const job = workerData as Job
  const tell = (message: JobMessage): void => parentPort?.postMessage(message)
  const run = await target.prepare()
  const fuzzer = new Fuzzer({
    run,
    corpus: [...job.corpus, ...(target.seeds?.() ?? [])],
    words: [...wordsOf(target), ...job.words],
    maxInputBytes: target.maxInputBytes ?? 2048,
    seed: job.seed,
    hits: hits().subarray(0, job.places),
    onrun: (input) => show(job.current, input),
    onfinding: (finding) => tell({ kind: 'finding', finding }),
    ...(job.tellsNew ? { onnew: (input, place) => tell({ kind: 'new', input, place }) } : {}),
  })
  const reachedByCorpus = fuzzer.reached
  const total = fuzzer.runs + job.inputs
  let settledBytes = -1
  let peakBytes = 0
  let toldAt = performance.now()
  while (fuzzer.runs < total) {
    fuzzer.go(Math.min(roundInputs, total - fuzzer.runs))
    // What inputs have set going comes to its end.
    await nextTurn()
    peakBytes = Math.max(peakBytes, usedBytes())
    if (settledBytes < 0 && fuzzer.runs >= total / 20) settledBytes = usedAfterCollection() - fuzzer.keptBytes
    if (performance.now() < toldAt + progressMs) continue
    toldAt = performance.now()
    tell({ kind: 'progress', runs: fuzzer.runs, reached: fuzzer.reached })
  }
  Atomics.store(new Int32Array(job.current, 0, 2), currentHead.begun, 0)
  const growthBytes = settledBytes < 0 ? 0 : usedAfterCollection() - fuzzer.keptBytes - settledBytes
  for (const [bytes, most, what] of [
    [growthBytes, maxGrowthBytes, 'are still in use that were not before'],
    [peakBytes, maxPeakBytes, 'were in use at once'],
  ] as const) {
    const finding = { kind: 'memory', input: new Uint8Array(0), what: `${bytes} bytes ${what}` } as const
    if (bytes > most) tell({ kind: 'finding', finding })
  }
  const { runs, reached } = fuzzer
  tell({ kind: 'done', outcome: { runs, reachedByCorpus, reached, growthBytes, peakBytes } })
  // What the target opened may keep the worker alive.
  parentPort?.close()
  setImmediate(() => process.exit(0))
}

function hits(): Uint32Array {
  return (globalThis as unknown as Record<typeof hitsName, Uint32Array>)[hitsName]
}

/** Puts the input where the process can see it. */
function show(current: SharedArrayBuffer, input: Uint8Array): void {
  const head = new Int32Array(current, 0, 2)
  new Uint8Array(current, currentHead.bytes).set(input)
  Atomics.store(head, currentHead.byteLength, input.byteLength)
  Atomics.add(head, currentHead.begun, 1)
}

function usedBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

function usedAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return usedBytes()
}
