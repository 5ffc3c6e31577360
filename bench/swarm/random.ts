/** Random numbers that a seed decides, so that two runs draw the same network and the same fates. */

/** A source of numbers. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  next(): number
  between(least: number, most: number): number
  /** All of them in a random order. */
  shuffle<Value>(values: Iterable<Value>): Value[]
}

/** Starts a source. Texts as seeds make sources that have nothing to do with each other: `delay a b`, `kills 1`. */
export function seededRandom(seed: string): Random {
  let state = hashOf(seed)
  // mulberry32 (Tommy Ettinger, public domain).
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    shuffle(values) {
      const shuffled: { value: typeof values extends Iterable<infer Value> ? Value : never; at: number }[] = []
      for (const value of values) shuffled.push({ value, at: next() })
      return shuffled.sort((a, b) => a.at - b.at).map(({ value }) => value)
    },
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
