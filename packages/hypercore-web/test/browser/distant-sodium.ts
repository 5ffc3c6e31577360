// Calls of sodium-native out of a page: what is asked and answered, as JSON. Memory goes there and back as a whole, since
// functions write into what they are given, several views of one memory among it.

/** A view of one of {@link DistantCall.memories}. */
interface View {
  readonly memory: number
  readonly offset: number
  readonly length: number
}

type Value = View | readonly Value[] | number | null

/** A call, or with `values` left out a look at what has that name. */
export interface DistantCall {
  readonly name: string
  readonly memories?: readonly string[]
  readonly values?: readonly Value[]
}

/** How it went. */
export interface DistantAnswer {
  readonly memories?: readonly string[]
  /** What it returned, what a constant is, or 'function'. */
  readonly value?: number | boolean | string | null
  readonly error?: string
}

/** In the page: puts a call into words. */
export function describeCall(
  name: string,
  values: readonly unknown[],
): { call: DistantCall; memories: ArrayBufferLike[] } {
  const memories: ArrayBufferLike[] = []
  const describe = (value: unknown): Value => {
    if (Array.isArray(value)) return value.map(describe)
    if (!(value instanceof Uint8Array)) return value as number | null
    if (!memories.includes(value.buffer)) memories.push(value.buffer)
    return { memory: memories.indexOf(value.buffer), offset: value.byteOffset, length: value.byteLength }
  }
  const described = values.map(describe)
  return { call: { name, values: described, memories: memories.map((one) => toHex(new Uint8Array(one))) }, memories }
}

/** In Node: does what was asked. */
export function answerCall(
  sodium: Readonly<Record<string, unknown>>,
  { name, values, memories = [] }: DistantCall,
): DistantAnswer {
  const member = sodium[name]
  if (values === undefined) {
    if (member instanceof Uint8Array) return { value: member[0] ?? null }
    return { value: typeof member === 'function' ? 'function' : (member as number) }
  }
  if (typeof member !== 'function') return { error: `there is no function ${name}` }
  const bytes = memories.map((hex) => fromHex(hex))
  const view = (value: Value): unknown => {
    if (value === null || typeof value !== 'object') return value
    if (!('memory' in value)) return value.map(view)
    return bytes[value.memory]?.subarray(value.offset, value.offset + value.length)
  }
  try {
    const returned: unknown = member(...values.map(view))
    const value = typeof returned === 'boolean' || typeof returned === 'number' ? returned : null
    return { value, memories: bytes.map(toHex) }
  } catch (error) {
    return { error: String(error), memories: bytes.map(toHex) }
  }
}

/** Hexadecimal digits of bytes. */
function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** The bytes of hexadecimal digits. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16))
}
