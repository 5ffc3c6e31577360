// Changes an input in the ways that break parsers: bits, numbers at their limits, lengths that lie, pieces twice, elsewhere or gone.
import type { Random } from './random.ts'

/** What inputs are changed with. */
export interface MutationMaterial {
  /** Pieces that mean something to the parser. */
  readonly words: readonly Uint8Array[]
  /** Other inputs, pieces of which are put in. */
  readonly others: readonly Uint8Array[]
  /** Longest input. */
  readonly maxBytes: number
}

const interestingBytes = [0x00, 0x01, 0x0a, 0x20, 0x22, 0x2d, 0x30, 0x39, 0x3a, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff]
const nothing = new Uint8Array(0)

/** A changed copy, of one change to about eight. */
export function mutate(input: Uint8Array, material: MutationMaterial, random: Random): Uint8Array {
  let changed = Uint8Array.from(input)
  const changes = 1 + random.below(1 << random.below(4))
  for (let count = 0; count < changes; count++) changed = change(changed, material, random)
  return changed.byteLength > material.maxBytes ? changed.slice(0, material.maxBytes) : changed
}

function change(input: Uint8Array<ArrayBuffer>, material: MutationMaterial, random: Random): Uint8Array<ArrayBuffer> {
  const { byteLength } = input
  if (byteLength === 0) return splice(input, 0, 0, freshBytes(material, random))
  const at = random.below(byteLength)
  const span = 1 + random.below(Math.min(byteLength - at, 1 << random.below(9)))
  switch (random.below(12)) {
    case 0:
      input[at] = (input[at] ?? 0) ^ (1 << random.below(8))
      return input
    case 1:
      input[at] = random.below(256)
      return input
    case 2:
      input[at] = random.of(interestingBytes) ?? 0
      return input
    case 3:
      input[at] = (input[at] ?? 0) + random.below(33) - 16
      return input
    case 4:
      writeInteger(input, at, random)
      return input
    case 5:
      return splice(input, at, span, nothing)
    case 6:
      return splice(input, at, 0, input.slice(at, at + span))
    case 7:
      return splice(input, random.below(byteLength + 1), 0, freshBytes(material, random))
    case 8:
      return splice(input, at, span, freshBytes(material, random))
    case 9:
      return overwrite(input, at, freshBytes(material, random))
    case 10:
      return overwrite(input, random.below(byteLength), input.slice(at, at + span))
    default:
      return random.oneIn(4) ? input.slice(0, at) : cross(input, at, material, random)
  }
}

/** The beginning of an input and the end of another. */
function cross(input: Uint8Array, at: number, { others }: MutationMaterial, random: Random): Uint8Array<ArrayBuffer> {
  const other = random.of(others) ?? nothing
  const from = random.oneIn(2) ? Math.min(at, other.byteLength) : random.below(other.byteLength)
  return splice(input, at, random.oneIn(2) ? input.byteLength - at : 0, other.subarray(from))
}

function freshBytes({ words, others }: MutationMaterial, random: Random): Uint8Array {
  const kind = random.below(4)
  if (kind < 2 && words.length > 0) return random.of(words) ?? nothing
  if (kind === 2 && others.length > 0) {
    const other = random.of(others) ?? nothing
    const from = random.below(other.byteLength)
    return other.subarray(from, from + 1 + random.below(64))
  }
  return Uint8Array.from({ length: 1 + random.below(1 << random.below(5)) }, () => random.below(256))
}

/** A number of 1 to 8 bytes at one of the limits of its width, in either order of bytes. */
function writeInteger(input: Uint8Array, at: number, random: Random): void {
  const width = Math.min(1 << random.below(4), input.byteLength - at)
  const fill = random.oneIn(2) ? 0xff : 0
  const isLittle = random.oneIn(2)
  for (let place = 0; place < width; place++) input[at + place] = fill
  const edge = at + (isLittle ? width - 1 : 0)
  if (random.oneIn(2)) input[edge] = (input[edge] ?? 0) ^ (1 << random.below(8))
}

function splice(input: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(input.byteLength - removed + added.byteLength)
  result.set(input.subarray(0, at))
  result.set(added, at)
  result.set(input.subarray(at + removed), at + added.byteLength)
  return result
}

function overwrite(input: Uint8Array<ArrayBuffer>, at: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  input.set(bytes.subarray(0, input.byteLength - at), at)
  return input
}
