// A real hypercore in memory as a feed's log, and a link between two that moves bytes only when told to.

import NoiseSecretStream from '@hyperswarm/secret-stream'
import type Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import { Duplex } from 'streamx'
import { HypercoreLog } from '../../src/storage/hypercore-log.ts'
import { openCore } from '../../src/storage/open-core.ts'

export async function openLog(
  key?: Uint8Array,
): Promise<{ core: Hypercore; log: HypercoreLog; close(): Promise<void> }> {
  const core = await openCore({ key })
  const log = new HypercoreLog(core)
  return {
    core,
    log,
    close: async () => {
      log.close()
      await core.close()
    },
  }
}

/** One end of a link: what is written waits in `outbox`. */
class LinkEnd extends Duplex {
  readonly outbox: Uint8Array[] = []

  constructor() {
    super({
      write: (chunk, done) => {
        this.outbox.push(Buffer.from(chunk as Uint8Array))
        done(null)
      },
    })
  }
}

/** Two replicating cores; every `exchange` is one trip each way. */
export class SteppedLink {
  readonly #here = new LinkEnd()
  readonly #there = new LinkEnd()
  readonly #streams: NoiseSecretStream[]

  constructor(here: Hypercore, there: Hypercore) {
    const near = new NoiseSecretStream(true, this.#here, { keyPair: keyPair() })
    const far = new NoiseSecretStream(false, this.#there, { keyPair: keyPair() })
    this.#streams = [near, far]
    for (const stream of this.#streams) stream.on('error', () => {})
    here.replicate(near, { keepAlive: false })
    there.replicate(far, { keepAlive: false })
  }

  /** Moves what `here` has sent to the other side, lets that answer, and moves the answers back. */
  async exchange(): Promise<void> {
    await carry(this.#here, this.#there)
    await carry(this.#there, this.#here)
    await quiet(this.#here)
  }

  destroy(): void {
    for (const stream of this.#streams) stream.destroy()
  }
}

async function carry(from: LinkEnd, to: LinkEnd): Promise<void> {
  await quiet(from)
  for (const chunk of from.outbox.splice(0)) if (!to.destroying) to.push(chunk)
}

/** Waits until an end has said all it can say without hearing more: a memory store answers within turns of the loop. */
async function quiet(end: LinkEnd): Promise<void> {
  for (let turn = 0, length = end.outbox.length; turn < 200; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (end.outbox.length === length) continue
    length = end.outbox.length
    turn = 0
  }
}
