/** Asks the application who may be served. Nothing is said to a peer, and nothing of what it says is read, until there is an answer. */
import { HypervisionError } from '../contracts/index.ts'
import type { Clock } from './clock.ts'
import type { PeerInfo } from './types.ts'

/** An application that has not answered by then has said no, ms. A peer that hears nothing for longer gives up. */
const authorizeTimeoutMs = 10_000

/** What is needed to ask. */
export interface AdmissionOptions {
  readonly clock: Clock
  authorize(peer: PeerInfo): boolean | Promise<boolean>
  /** The application failed to answer. */
  onwarning(error: Error): void
}

/** A connection whose peer has proved its key; null before that. */
export interface AskedFor extends Omit<PeerInfo, 'publicKey'> {
  readonly stream: { readonly remotePublicKey: Uint8Array | null }
}

/** Whether a peer may be served. Never rejects: an answer that fails is a no. */
export async function isAuthorized(connection: AskedFor, options: AdmissionOptions): Promise<boolean> {
  const { remotePublicKey } = connection.stream
  if (remotePublicKey === null) return false
  const { id, transport, remoteAddress } = connection
  let stop = (): void => {}
  const late = new Promise<never>((_resolve, reject) => {
    stop = options.clock.after(authorizeTimeoutMs, () =>
      reject(new Error(`it has not answered within ${authorizeTimeoutMs / 1000} s`)),
    )
  })
  try {
    const peer = { id, publicKey: Uint8Array.from(remotePublicKey), transport, remoteAddress }
    return (await Promise.race([(async () => options.authorize(peer))(), late])) === true
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const text = `Whether the peer ${id.slice(0, 16)} may be served is not known, so it is not: \`authorize\` failed: ${reason}.`
    options.onwarning(new HypervisionError('ERR_OPTION_INVALID', text, { cause, detail: { id, option: 'authorize' } }))
    return false
  } finally {
    stop()
  }
}
