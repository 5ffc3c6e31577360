// What the tests of one file share that run commands: a folder, and a DHT of this machine. What a test leaves running ends with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BootstrapNode, bootstrapNode } from '@hypervision/transport-dht'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { endAll } from './cli-process.ts'

/** Where the tests of a file take place. */
export interface CliTestbed {
  /** Is removed after the last test. */
  readonly folder: string
  /** Options by which a command joins the DHT; empty before the first test. */
  readonly onDht: readonly string[]
}

/**
 * Sets it up for the tests of the file that calls it.
 *
 * @param name part of the folder's name
 */
export function useCliTestbed(name: string): CliTestbed {
  const folder = mkdtempSync(join(tmpdir(), `hypervision-${name}-`))
  const onDht: string[] = []
  let node: BootstrapNode | undefined
  beforeAll(async () => {
    node = await bootstrapNode({ port: 0 })
    onDht.push('--bootstrap', `${node.host}:${node.port}`)
  })
  afterEach(endAll)
  afterAll(async () => {
    await node?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, onDht }
}
