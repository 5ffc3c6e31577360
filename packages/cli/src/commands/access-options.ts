/** Options that say who this node is, and whom it serves: `--identity`, `--allow`. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createKeyPair, type NodeOptions } from '@hypervision/core'
import { list, type OptionValues, usageError, value } from '../options/option.ts'
import { nodeIds, text } from '../options/value-text.ts'
import type { Reporter } from '../terminal/reporter.ts'

/** `--allow`, `--identity` */
export const accessOptions = {
  allow: list(
    'ID,…',
    'Serve these nodes only, by the ids that they print with --identity; repeatable. Default: everybody',
    nodeIds,
  ),
  identity: value(
    'FILE',
    'Be known to others by an id of your own, whose secret is kept in this file; it is made where there is none',
    text,
  ),
}

/**
 * The same, as core takes it.
 *
 * @throws HypervisionError ERR_OPTION_INVALID for a file that holds no identity, or cannot be read or made
 */
export function accessFrom({
  allow,
  identity,
}: OptionValues<typeof accessOptions>): Pick<NodeOptions, 'authorize' | 'identity'> {
  const allowed = new Set(allow.flat())
  return {
    ...(allowed.size === 0 ? {} : { authorize: ({ id }: { readonly id: string }) => allowed.has(id) }),
    ...(identity === undefined ? {} : { identity: createKeyPair(seedIn(identity)) }),
  }
}

/** Tells the id that others are to put on their lists. */
export function tellIdentity(reporter: Reporter, identity: string | undefined, { id }: { readonly id: string }): void {
  if (identity !== undefined) reporter.note('identity', { id }, `Known to others as ${id}`)
}

function seedIn(file: string): Uint8Array {
  try {
    // For its owner alone; where it is there already it stays as it is.
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, error)
  }
  const found = read(file).trim()
  if (/^[0-9a-f]{64}$/.test(found)) return Buffer.from(found, 'hex')
  throw usageError(`--identity ${file} holds something else than an identity: name another file, which is made.`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unusable(file, error)
  }
}

function unusable(file: string, error: unknown): Error {
  return usageError(`--identity ${file} cannot be used: ${error instanceof Error ? error.message : String(error)}.`)
}
