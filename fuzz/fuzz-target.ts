// Runs one target in a worker, which can be ended when it hangs.
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Bundle } from './bundle.ts'
import type { Finding } from './fuzzer.ts'
import { currentHead, type Job, type JobMessage, type JobOutcome, longestInputBytes } from './job.ts'

/** Options of {@link fuzzTarget}. */
export interface FuzzTargetOptions {
  readonly bundle: Bundle
  readonly corpus: readonly Uint8Array[]
  readonly inputs: number
  readonly seed: number
  /** Whether inputs that are the first at a place are wanted. @default false */
  readonly tellsNew?: boolean
  /** An input that takes longer, twice, hangs. @default 10 000 */
  readonly hangMs?: number
  readonly signal?: AbortSignal
  onprogress?(runs: number, reached: number): void
}

/** What came of it. */
export interface FuzzResult {
  readonly findings: readonly Finding[]
  /** Inputs that were the first at a place, and the place; where they are wanted. */
  readonly discoveries: readonly { readonly input: Uint8Array; readonly place: number }[]
  /** Null where the worker did not get to the end. */
  readonly outcome: JobOutcome | null
}

const maxHeapMB = 1024

/** Fuzzes one target. */
export async function fuzzTarget(options: FuzzTargetOptions): Promise<FuzzResult> {
  const result = await runWorker(options)
  const hang = result.findings.find(({ kind }) => kind === 'hang')
  if (hang === undefined) return result
  // A busy machine is slow too: it hangs if it does so by itself.
  const again = await runWorker({ ...options, corpus: [hang.input], inputs: 0 })
  return again.findings.some(({ kind }) => kind === 'hang')
    ? result
    : fuzzTarget({ ...options, seed: options.seed + 1 })
}

async function runWorker(options: FuzzTargetOptions): Promise<FuzzResult> {
  const { bundle, corpus, inputs, seed, tellsNew = false, hangMs = 10_000, signal, onprogress } = options
  const current = new SharedArrayBuffer(currentHead.bytes + longestInputBytes)
  const job: Job = { corpus, words: bundle.words, places: bundle.places.length, inputs, seed, tellsNew, current }
  const worker = new Worker(bundle.file, {
    workerData: job,
    execArgv: ['--enable-source-maps'],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMB },
  })
  const findings: Finding[] = []
  const discoveries: { input: Uint8Array; place: number }[] = []
  let outcome: JobOutcome | null = null
  const end = new AbortController()
  const ended = new Promise<void>((resolve) => {
    worker.on('message', (message: JobMessage) => {
      if (message.kind === 'progress') onprogress?.(message.runs, message.reached)
      if (message.kind === 'finding') findings.push(message.finding)
      if (message.kind === 'new') discoveries.push(message)
      if (message.kind === 'done') outcome = message.outcome
    })
    worker.on('error', (error: Error & { code?: string }) => {
      // Past every handler, or out of memory: the input that was being run did it.
      const kind = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash'
      findings.push({ kind, input: inputOf(current), what: error.stack ?? String(error) })
    })
    worker.on('exit', () => resolve())
  })
  const abort = (): void => void worker.terminate()
  signal?.addEventListener('abort', abort, { once: true })
  void watch(current, hangMs, end.signal, () => {
    findings.push({ kind: 'hang', input: inputOf(current), what: `An input takes longer than ${hangMs} ms.` })
    void worker.terminate()
  })
  await ended
  end.abort()
  signal?.removeEventListener('abort', abort)
  return { findings, discoveries, outcome }
}

/** Calls back when the worker has been at one input for too long. */
async function watch(
  current: SharedArrayBuffer,
  hangMs: number,
  signal: AbortSignal,
  onhang: () => void,
): Promise<void> {
  const head = new Int32Array(current, 0, 2)
  let last = -1
  while (!signal.aborted) {
    const begun = Atomics.load(head, currentHead.begun)
    // Zero before its first input and after its last.
    if (begun === last && begun > 0) return onhang()
    last = begun
    await wait(hangMs, undefined, { signal }).catch(() => {})
  }
}

function inputOf(current: SharedArrayBuffer): Uint8Array {
  const byteLength = Atomics.load(new Int32Array(current, 0, 2), currentHead.byteLength)
  return Uint8Array.from(new Uint8Array(current, currentHead.bytes, byteLength))
}
