// A vitest reporter that writes how many tests passed, failed and were skipped to $HYPERVISION_TEST_COUNTS. A test file
// that failed as a whole (it did not load, a hook threw) and an error outside of any test count as one failure each.
import { writeFileSync } from 'node:fs'

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed') counts[state]++
        else counts.skipped++
      }
      for (const suite of [module, ...module.children.allSuites()]) counts.failed += suite.errors().length
    }
    writeFileSync(process.env.HYPERVISION_TEST_COUNTS, JSON.stringify(counts))
  }
}
