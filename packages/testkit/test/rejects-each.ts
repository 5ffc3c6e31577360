// A kit that never fails proves nothing: each of its rules has something broken that it must reject.
import { describe, expect, it } from 'vitest'
import { RuleError } from '../src/rule-run.ts'

/** Something that breaks one rule. */
interface Broken {
  readonly rule: string
  readonly flaw: string
  readonly complaint: string
}

/** Declares a test for each: the rule that it breaks rejects it, for that reason. */
export function rejectsEach<One extends Broken>(
  kind: 'capture' | 'transport',
  all: readonly One[],
  ruleFor: (broken: One) => { run(): Promise<void> } | undefined,
): void {
  describe(`the kit rejects a ${kind} that`, () => {
    for (const broken of all) {
      it(`${broken.flaw} (${broken.rule})`, async () => {
        const error = await ruleFor(broken)
          ?.run()
          .catch((caught: unknown) => caught)
        expect(error).toBeInstanceOf(RuleError)
        expect((error as RuleError).message).toContain(broken.complaint)
      })
    }
  })
}

/** Whether its rule has to wait for what does not come; no other needs a short deadline, by which a slow machine is taken for a flaw. */
export function isLate({ complaint }: Broken): boolean {
  return complaint.startsWith('for ') || complaint.startsWith('Still')
}
