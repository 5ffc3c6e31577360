import { defineConfig } from 'vitest/config'

// Sources are tested as they are written; child processes that a test starts run what `pnpm build` made.
const conditions = ['hypervision-source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
