import { describe, it } from 'vitest'
import { memoryNetwork } from './memory-transport.ts'
import { transportRules } from './transport-rules.ts'

describe('the memory transport', () => {
  for (const rule of transportRules({ setup: () => memoryNetwork() })) it(rule.name, rule.run)
})

describe('the memory transport with a delay', () => {
  for (const rule of transportRules({ setup: () => memoryNetwork({ delayMs: () => Math.random() * 20 }) })) {
    it(rule.name, rule.run)
  }
})
