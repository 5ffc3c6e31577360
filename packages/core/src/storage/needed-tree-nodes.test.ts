import fc from 'fast-check'
import { expect, it } from 'vitest'
import { neededTreeNodes, rootsOf } from './needed-tree-nodes.ts'

/** First and last block of the subtree of a node. */
function spanOf(node: number): [first: number, last: number] {
  let span = 1
  while (Math.floor(node / span) % 2 === 1) span *= 2
  const start = (node + 1 - span) / 2
  return [start, start + span - 1]
}

it('knows the roots of any length: they hold its blocks, each once, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (length) => {
      let next = 0
      for (const node of rootsOf(length)) {
        const [first, last] = spanOf(node)
        expect(first).toBe(next)
        next = last + 1
      }
      expect(next).toBe(length)
    }),
  )
})

it('keeps what proves each block that is kept, in a tree of any length, and only a few nodes beside', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 0, max: 5000 }),
      fc.nat(),
      (cutoff, kept, place) => {
        const island = place % cutoff
        const needed = new Set(neededTreeNodes(cutoff, [island]))
        for (const block of [island, cutoff + kept]) {
          // Siblings on the way up.
          for (let span = 1; span < 2 ** 14; span *= 2) {
            const start = block - (block % span)
            const sibling = start % (2 * span) === 0 ? start + span : start - span
            const node = 2 * sibling + span - 1
            if (node < 2 * cutoff) expect(needed).toContain(node)
          }
        }
        for (const node of rootsOf(cutoff + kept)) if (node < 2 * cutoff) expect(needed).toContain(node)
        expect(needed.size).toBeLessThan(5 * Math.log2(cutoff) + 6)
      },
    ),
  )
})
