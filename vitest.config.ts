import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Sources are tested as they are written; child processes that a test starts run what `pnpm build` made.
const conditions = ['hypervision-source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      '{packages,examples}/*/src/**/*.test.ts',
      '{packages,examples}/*/test/**/*.test.ts',
      'tests/**/*.test.ts',
      'bench/**/*.test.ts',
      'fuzz/**/*.test.ts',
    ],
    pool: 'forks',
    // Most of the time goes by in waiting for media that comes in real time: two files at once do not get in each other's way.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Of the tests of a file that say that they may run at once.
    maxConcurrency: 3,
    // Against what hangs alone: a busy machine takes several times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
  },
})
