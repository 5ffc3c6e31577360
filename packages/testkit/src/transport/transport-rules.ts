/** The conformance kit of transports: every promise of the contract as a rule that any test runner can run. */
import { findingRules } from './finding-rules.ts'
import { introductionRules } from './introduction-rules.ts'
import { KitNetwork, type TransportKitLimits, type TransportKitNetwork } from './kit-network.ts'
import { lifecycleRules } from './lifecycle-rules.ts'
import { readerRules, streamRules } from './stream-rules.ts'

/** What {@link transportRules} needs of a transport. */
export interface TransportRulesOptions<Network extends TransportKitNetwork = TransportKitNetwork>
  extends TransportKitLimits {
  /**
   * Whether a writer is to be held back while the other end does not read, and not only while the network is busy.
   * @default true
   */
  readonly hasReaderBackPressure?: boolean
  /**
   * Whether peers are connected that a third one introduces to each other.
   * @default true
   */
  readonly hasIntroductions?: boolean
  /** Starts a network of one's own for one rule. */
  setup(): Network | Promise<Network>
  /** Ends it; the sessions are closed by then. */
  teardown?(network: Network): void | Promise<void>
}

/** One promise of the contract. */
export interface TransportRule {
  /** The promise, in words that go on from "it". */
  readonly name: string
  /** Resolves where the transport keeps it, rejects with what it did instead. */
  run(): Promise<void>
}

/**
 * Rules that a transport has to keep.
 *
 * ```ts
 * for (const rule of transportRules({ setup: () => memoryNetwork() })) it(rule.name, rule.run)
 * ```
 */
export function transportRules<Network extends TransportKitNetwork>(
  options: TransportRulesOptions<Network>,
): readonly TransportRule[] {
  const { setup, teardown, hasReaderBackPressure = true, hasIntroductions = true, ...limits } = options
  const rules = [
    ...lifecycleRules,
    ...findingRules,
    ...(hasIntroductions ? introductionRules : []),
    ...streamRules,
    ...(hasReaderBackPressure ? readerRules : []),
  ]
  return rules.map(({ name, check }) => ({
    name,
    async run() {
      const network = await setup()
      const kit = new KitNetwork(network, limits)
      try {
        try {
          await check(kit)
        } catch (broken) {
          // A session that does not close either would hide the reason.
          await kit.close().catch(() => {})
          throw broken
        }
        await kit.close()
      } finally {
        await teardown?.(network)
      }
    },
  }))
}
