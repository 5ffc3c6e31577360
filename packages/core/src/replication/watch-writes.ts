/**
 * Tells when what a peer sent cannot be stored. hypercore takes that for trouble with the peer and goes on asking, so
 * a reader with a full disk would wait for ever. Internals of hypercore 11.37, held by hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypervisionError } from '../contracts/index.ts'
import { storageError } from '../storage/storage-error.ts'

/** How rocksdb-native says that the database did not take a batch; a peer's bad data fails before there is one. */
const notApplied = /batch was not applied/i

/** Calls back, once, with the first write of the core that failed. */
export function watchWrites(
  core: Hypercore,
  storage: string | undefined,
  onfailure: (error: HypervisionError) => void,
): void {
  const internals = core.core
  const { verify } = internals
  let isTold = false
  internals.verify = async (proof, from) => {
    try {
      return await verify.call(internals, proof, from)
    } catch (error) {
      if (!isTold && error instanceof Error && notApplied.test(error.message)) {
        isTold = true
        onfailure(storageError(error, storage))
      }
      throw error
    }
  }
}
