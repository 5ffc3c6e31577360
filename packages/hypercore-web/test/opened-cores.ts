/** Hypercores for each test of a contract suite, in places of their own. */
import b4a from 'b4a'
import Hypercore, { type HypercoreEvents, type HypercoreOptions } from 'hypercore'
import type CorestoreStorage from 'hypercore-storage'
import { afterEach, beforeEach } from 'vitest'
import type { StorageKit, StoragePlace } from './storage-kit.ts'

/** How a test opens cores; they are closed after it, and their places removed. */
export interface CoreOpener {
  readonly kit: StorageKit
  createPlace(): Promise<StoragePlace>
  openIn(storage: CorestoreStorage, key: Uint8Array | null, options?: HypercoreOptions): Promise<Hypercore>
  /** A new core that can be written. */
  create(options?: HypercoreOptions): Promise<Hypercore>
  /** One that replicates from another. */
  createReader(writer: Hypercore, options?: HypercoreOptions): Promise<Hypercore>
  /** A session of a core, once it is open. */
  opened(session: Hypercore): Promise<Hypercore>
}

/** Opens cores for the tests of the suite that calls it. */
export function openCores(kit: StorageKit): CoreOpener {
  let places: StoragePlace[] = []
  let cores: Hypercore[] = []

  beforeEach(() => {
    places = []
    cores = []
  })

  afterEach(async () => {
    for (const core of cores) await core.close()
    for (const place of places) await place.remove()
  })

  const createPlace = async (): Promise<StoragePlace> => {
    const place = await kit.createPlace()
    places.push(place)
    return place
  }

  const openIn = async (
    storage: CorestoreStorage,
    key: Uint8Array | null,
    options?: HypercoreOptions,
  ): Promise<Hypercore> => {
    const core = new Hypercore(storage, key, options)
    cores.push(core)
    await core.ready()
    return core
  }

  const create = async (options?: HypercoreOptions): Promise<Hypercore> =>
    openIn((await createPlace()).open(), null, options)

  const createReader = async (writer: Hypercore, options?: HypercoreOptions): Promise<Hypercore> => {
    const reader = await openIn((await createPlace()).open(), writer.key, options)
    const [a, b] = [writer.replicate(true), reader.replicate(false)]
    for (const stream of [a, b]) stream.on('error', () => {})
    a.pipe(b).pipe(a)
    return reader
  }

  const opened = async (session: Hypercore): Promise<Hypercore> => {
    cores.unshift(session)
    await session.ready()
    return session
  }

  return { kit, createPlace, openIn, create, createReader, opened }
}

/** Its blocks as texts. */
export async function textsOf(core: Hypercore): Promise<string[]> {
  const texts: string[] = []
  for (let i = 0; i < core.length; i++) texts.push(textOf(await core.get(i)))
  return texts
}

/** A block as text. */
export function textOf(block: Uint8Array | null): string {
  return block === null ? 'null' : b4a.toString(block)
}

/** What the listeners of an event get the next time. */
export function once<Name extends keyof HypercoreEvents>(core: Hypercore, name: Name): Promise<HypercoreEvents[Name]> {
  return new Promise((resolve) => core.once(name, (...values) => resolve(values)))
}
