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
 * Runs until the source ends. The source is asked for one chunk ahead of what is stored, so a slow disk holds it back.
 *
 * @throws HypervisionError ERR_WEBM_… for bad bytes, ERR_CAPTURE_… for a source that fails, ERR_FEED_… for storage
 */
export async function pump({ source, cutter, write, idleMs }: PumpOptions): Promise<void> {
  const writeAll = async (pieces: WebmPiece[]): Promise<void> => {
    for (const piece of pieces) await write(piece)
  }
  try {
    for (let pending = source.next(); ; ) {
      if (await isLate(pending, idleMs)) await writeAll(cutter.flush())
      const result = await pending
      if (result.done) break
      // The next bytes are fetched while these are stored: one chunk ahead, no more.
      pending = source.next()
      pending.catch(() => {})
      await writeAll(cutter.push(result.value))
    }
  } catch (error) {
    // What was complete before the source broke belongs to the feed.
    if (!isWebmError(error)) await writeAll(cutter.flush())
    throw error
  }
  await writeAll(cutter.end())
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
