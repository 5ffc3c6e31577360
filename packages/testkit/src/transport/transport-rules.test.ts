import { describe, it } from 'vitest'
import { memoryNetwork } from './memory-transport.ts'
import { transportRules } from './transport-rules.ts'

/** Many times what anything takes that goes on in memory. */
const quietMs = 100

describe('the memory transport', () => {
  for (const rule of transportRules({ setup: () => memoryNetwork(), quietMs })) it(rule.name, rule.run)
})

describe('the memory transport with a delay', () => {
  for (const rule of transportRules({ setup: () => memoryNetwork({ delayMs: () => Math.random() * 20 }), quietMs })) {
    it(rule.name, rule.run)
  }
})
