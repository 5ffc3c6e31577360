/** Moves a capture's bytes through the cutter into the feed, and sees to it that a stalled source holds nothing back. */
import { HypervisionError } from '../contracts/index.ts'
import type { WebmCutter, WebmPiece } from '../webm/index.ts'

/** What a pump works with. */
export interface PumpOptions {
  readonly source: AsyncIterator<Uint8Array, void>
  readonly cutter: WebmCutter
  /** Stores a piece; the next one waits for it. */
  write(piece: WebmPiece): Promise<void>
  /** The open block is given out when the source has been silent for so long. */
  readonly idleMs: number
}

/**
 * Runs until the source ends. While a chunk's pieces are stored the next chunk is cut and the one after it asked for, and no
 * more: a slow disk holds the source back.
 *
 * @throws HypervisionError ERR_WEBM_… for bad bytes, ERR_CAPTURE_… for a source that fails, ERR_FEED_… for storage
 */
export async function pump({ source, cutter, write, idleMs }: PumpOptions): Promise<void> {
  let writing = Promise.resolve()
  /** Waits for what is being stored, then begins with more. */
  const store = async (pieces: WebmPiece[]): Promise<void> => {
    await writing
    writing = (async () => {
      for (const piece of pieces) await write(piece)
    })()
    // It is told where it is waited for.
    writing.catch(() => {})
  }
  try {
    for (let pending = source.next(); ; ) {
      if (await isLate(pending, idleMs)) {
        await store(cutter.flush())
        await writing
      }
      const result = await pending
      if (result.done) break
      pending = source.next()
      pending.catch(() => {})
      await store(cutter.push(result.value))
    }
    await store(cutter.end())
  } catch (error) {
    // What was complete before the source broke belongs to the feed.
    if (!isWebmError(error)) await store(cutter.flush())
    await writing
    throw error
  }
  await writing
}

async function isLate(pending: Promise<unknown>, idleMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), idleMs)
  })
  try {
    return await Promise.race([
      pending.then(
        () => false,
        () => false,
      ),
      late,
    ])
  } finally {
    clearTimeout(timer)
  }
}

function isWebmError(error: unknown): boolean {
  return error instanceof HypervisionError && error.code.startsWith('ERR_WEBM_')
}
