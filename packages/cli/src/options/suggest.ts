/** Finds what somebody may have meant by a word that does not exist. */

/**
 * The nearest of several words, where it is near enough to be meant.
 *
 * @returns the word, or undefined where none is near
 */
export function suggest(found: string, words: readonly string[]): string | undefined {
  const farthest = Math.max(1, Math.floor(found.length / 3))
  let nearest: string | undefined
  let least = farthest + 1
  for (const word of words) {
    const distance = word.length > 2 && found.length > 2 && word.startsWith(found) ? 1 : editDistance(found, word)
    if (distance >= least) continue
    nearest = word
    least = distance
  }
  return nearest
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let distance = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, at(beforeLast, j - 2) + 1)
      }
      row.push(distance)
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], place: number): number {
  return row[place] ?? Number.POSITIVE_INFINITY
}
