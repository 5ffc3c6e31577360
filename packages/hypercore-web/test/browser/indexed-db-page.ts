// A page with a hypercore in IndexedDB, for tests that reload it, kill it and take its space away.
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { createMemoryStorage } from '../../src/index.ts'
import { createIndexedDbStorage } from '../../src/indexed-db/index.ts'

declare global {
  /** Opens the core of a database; its length. */
  function openCore(name: string): Promise<number>
  /** Opens one and says how that failed. */
  function codeOfOpening(name: string): Promise<string>
  /** Appends so many blocks, each made of its number, and says `stored LENGTH` on the console for each; its length. */
  function append(count: number, byteLength: number): Promise<number>
  /** How an append failed: the code of the database's error. */
  function codeOfAppending(byteLength: number): Promise<string>
  /** Number of blocks that a reader gets of the core, proves and finds to be what was appended. */
  function verified(byteLength: number): Promise<number>
}

let core: Hypercore

/** Bytes that follow from the number and that no database compresses. */
function blockOf(number: number, byteLength: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(byteLength / 4))
  let state = number + 1
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, byteLength)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error) return String(error.code)
  return error.cause === undefined ? error.message : codeOf(error.cause)
}

globalThis.openCore = async (name) => {
  core = new Hypercore(createIndexedDbStorage(name))
  await core.ready()
  return core.length
}

globalThis.codeOfOpening = async (name) => {
  const storage = createIndexedDbStorage(name)
  try {
    await storage.ready()
    return 'none'
  } catch (error) {
    return codeOf(error)
  } finally {
    await storage.close()
  }
}

globalThis.append = async (count, byteLength) => {
  for (let i = 0; i < count; i++) {
    await core.append(blockOf(core.length, byteLength))
    console.log(`stored ${core.length}`)
  }
  return core.length
}

globalThis.codeOfAppending = (byteLength) => core.append(blockOf(core.length, byteLength)).then(() => 'none', codeOf)

globalThis.verified = async (byteLength) => {
  const reader = new Hypercore(createMemoryStorage(), core.key)
  await reader.ready()
  const stream = core.replicate(true)
  stream.pipe(reader.replicate(false)).pipe(stream)
  for (let number = 0; number < core.length; number++) {
    const block = (await reader.get(number)) ?? b4a.alloc(0)
    if (!b4a.equals(block, blockOf(number, byteLength))) return number
  }
  await reader.close()
  return core.length
}
