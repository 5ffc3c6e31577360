// `vitest` in a page: what tests import of it, made of the parts that vitest itself is made of, and a way to run them. The very
// files that run in Node run in a browser so.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  type ExpectStatic,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import { startTests, type Task, type VitestRunner } from '@vitest/runner'

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, onTestFinished, test } from '@vitest/runner'

/** How tests went in a page. */
export interface PageTestReport {
  /** Full names of the tests that passed. */
  readonly passed: readonly string[]
  /** Full name of each other test, and what was wrong. */
  readonly failed: readonly string[]
}

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)

/** Vitest's `expect`, without snapshots, polling and soft assertions. */
export const expect = ((value: unknown, message?: string) => {
  setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect)
  return chai.expect(value, message)
}) as ExpectStatic
const globals = globalThis as unknown as Record<symbol, object>
Object.assign(expect, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT])
Object.assign(expect, { getState: () => getState(expect), setState: (state: object) => setState(state, expect) })
globals[GLOBAL_EXPECT] = expect
setState({ assertionCalls: 0 }, expect)
// Chai takes it for a method of an assertion.
;(chai.expect as unknown as { extend(expect: ExpectStatic, matchers: object): void }).extend(expect, customMatchers)

/** Runs the tests that a module declares when it is imported. */
export async function runTests(importTests: () => Promise<unknown>): Promise<PageTestReport> {
  const runner: VitestRunner = {
    config: {
      root: '/',
      setupFiles: [],
      name: undefined,
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    importFile: importTests,
  }
  const files = await startTests(['/page'], runner)
  const passed: string[] = []
  const failed: string[] = []
  const visit = (task: Task, path: string) => {
    const { result } = task
    if (task.type === 'suite') {
      for (const error of result?.errors ?? []) failed.push(`${path}: ${error.stack ?? error.message}`)
      for (const one of task.tasks) visit(one, `${path}${path && ' > '}${one.name}`)
    } else if (result?.state === 'pass') passed.push(path)
    else failed.push(`${path}: ${result?.errors?.map(({ stack, message }) => stack ?? message) ?? 'did not run'}`)
  }
  for (const file of files) visit(file, '')
  return { passed, failed }
}
