/** Captures that the conformance kit must reject, at least one for each of its rules: a kit that never fails proves nothing. */
import type { BrokenCapture } from './broken-capture.ts'
import { brokenEndings } from './broken-endings.ts'
import { brokenOpenings } from './broken-openings.ts'
import { brokenSources } from './broken-sources.ts'

/** Fake captures that each break one promise of the contract. */
export const brokenCaptures: readonly BrokenCapture[] = [...brokenSources, ...brokenEndings, ...brokenOpenings]
