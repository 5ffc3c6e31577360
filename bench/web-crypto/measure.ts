// What is measured, wherever it runs: blocks per second through hypercore, one after the other as a live stream has them.
import type NoiseSecretStream from '@hyperswarm/secret-stream'
import { createMemoryStorage } from '@hypervision/hypercore-web'
import Hypercore from 'hypercore'

/** Blocks per second. */
export interface Speeds {
  /** Hashed, signed, stored. */
  readonly append: number
  /** A block with its proof, as it comes to a viewer: checked and stored. */
  readonly verify: number
  /** From one core to another over an encrypted stream; null where they do not connect. */
  readonly replicate: number | null
  /** Why they do not. */
  readonly failure: string | null
}

/** Two ends in one thread that have not connected by then never will. */
const connectMs = 5000

/**
 * Measures each for about so long.
 *
 * @param blockBytes of each block
 */
export async function measureSpeeds(blockBytes: number, ms: number): Promise<Speeds> {
  const source = new Hypercore(createMemoryStorage())
  await source.ready()
  const block = Uint8Array.from({ length: blockBytes }, (_, at) => at * 7)
  const warmUp = Math.min(10, Math.ceil(ms / 50))
  for (let count = 0; count < warmUp; count++) await source.append(block)

  const proofs: unknown[] = []
  let appendMs = 0
  while (appendMs < ms) {
    const start = performance.now()
    await source.append(block)
    appendMs += performance.now() - start
    proofs.push(await proofOf(source, proofs.length === 0 ? 0 : source.length - 1))
  }
  const verifyMs = await timed(() => verifyAll(source.key, proofs))
  const { replicateMs, failure } = await replicateAll(source)
  const speeds = {
    append: perSecond(proofs.length, appendMs),
    verify: perSecond(proofs.length, verifyMs),
    replicate: replicateMs === null ? null : perSecond(source.length, replicateMs),
    failure,
  }
  await source.close()
  return speeds
}

/** The newest block, and what shows that the feed is so long; the first proof covers all that was there before it. */
async function proofOf(source: Hypercore, start: number): Promise<unknown> {
  const index = source.length - 1
  const proof = await source.proof({ block: { index, nodes: 0 }, upgrade: { start, length: source.length - start } })
  return { ...proof, manifest: source.manifest }
}

async function verifyAll(key: Uint8Array, proofs: readonly unknown[]): Promise<void> {
  const reader = new Hypercore(createMemoryStorage(), key)
  await reader.ready()
  for (const proof of proofs) {
    if (!(await reader.core.verify(proof, null))) throw new Error('an honest proof was refused')
  }
  await reader.close()
}

async function replicateAll(source: Hypercore): Promise<{ replicateMs: number | null; failure: string | null }> {
  const reader = new Hypercore(createMemoryStorage(), source.key)
  await reader.ready()
  const [here, there] = [source.replicate(true), reader.replicate(false)]
  const secured = [here, there].map(({ noiseStream }) => noiseStream as unknown as NoiseSecretStream)
  const failed = new Promise<string>((resolve) => {
    for (const stream of secured) stream.on('error', (error) => resolve(error.message))
    setTimeout(() => resolve('no connection'), connectMs)
  })
  here.pipe(there).pipe(here)
  const opened = Promise.all(secured.map((stream) => stream.opened))
  const failure = await Promise.race([failed, opened.then((ends) => (ends.every(Boolean) ? null : failed))])
  const replicateMs =
    failure === null ? await timed(() => reader.download({ start: 0, end: source.length }).done()) : null
  here.destroy()
  there.destroy()
  await reader.close()
  return { replicateMs, failure }
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

function perSecond(blocks: number, ms: number): number {
  return Math.round((blocks / ms) * 1000)
}
