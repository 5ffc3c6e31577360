/** Transports that the conformance kit must reject, at least one for each of its rules: a kit that never fails proves nothing. */
import { brokenFinding } from './broken-finding.ts'
import { brokenIntroductions } from './broken-introductions.ts'
import { brokenLifecycles } from './broken-lifecycles.ts'
import { brokenStreams } from './broken-streams.ts'
import type { BrokenTransport } from './broken-transport.ts'

/** Memory transports that each break one promise of the contract. */
export const brokenTransports: readonly BrokenTransport[] = [
  ...brokenLifecycles,
  ...brokenFinding,
  ...brokenIntroductions,
  ...brokenStreams,
]
