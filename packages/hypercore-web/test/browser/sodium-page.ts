// The page of the sodium's tests.
import fc from 'fast-check'
import { runTests } from '../../../../tests/browser/page-vitest.ts'

// Each call of sodium-native is a request to the test's process.
fc.configureGlobal({ numRuns: 25 })
globalThis.runPageTests = () => runTests(() => import('../../src/sodium/sodium.test.ts'))
