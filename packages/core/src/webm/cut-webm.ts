// The cutter as a generator, for whoever has an iterable of chunks.
import type { CutterOptions } from './cutter-options.ts'
import type { WebmPiece } from './types.ts'
import { WebmCutter } from './webm-cutter.ts'
import { truncated } from './webm-error.ts'

/**
 * Cuts a source of chunks into init segments and Clusters, in stream order. It reads on only when the next piece is asked
 * for. Returning early returns the source.
 *
 * @throws HypervisionError ERR_WEBM_TRUNCATED after the last piece, when the input ended in the middle of an element
 * @throws HypervisionError the errors of {@link WebmCutter}, after the pieces that were complete before them
 */
export async function* cutWebm(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CutterOptions = {},
): AsyncGenerator<WebmPiece, void> {
  const cutter = new WebmCutter(options)
  for await (const chunk of source) yield* cutter.push(chunk)
  yield* cutter.end()
  if (cutter.truncatedAt !== null) throw truncated(cutter.truncatedAt)
}
