/** A connection as the conformance kit sees it: who is at its other end, what came, and how often it closed. */
import type { TransportConnection } from '@hypervision/core/contracts'

/** Public key and role. */
const greetingLength = 33

/** A connection that a node under test was given. */
export class KitConnection {
  readonly stream: TransportConnection['stream']
  readonly initiator: boolean
  /** Key of the other end in hex, once it has said so. */
  remoteId: string | null = null
  /** Whether the other end takes itself for the initiator. */
  remoteIsInitiator: boolean | null = null
  /** How often `close` was emitted. */
  closes = 0
  hasEnded = false
  /** What came after the greeting. */
  readonly chunks: Uint8Array[] = []
  receivedBytes = 0
  #greeting: number[] = []

  /** @param publicKey what to greet with; null leaves the stream alone, unread and unwritten */
  constructor(connection: TransportConnection, publicKey: Uint8Array | null) {
    this.stream = connection.stream
    this.initiator = connection.initiator
    this.stream.on('error', () => {})
    this.stream.on('close', () => this.closes++)
    if (publicKey === null) return
    this.read()
    this.stream.write(Uint8Array.of(connection.initiator ? 1 : 0, ...publicKey))
  }

  /** Reads from now on. */
  read(): void {
    this.stream.on('data', (chunk) => this.#take(chunk))
    this.stream.on('end', () => {
      this.hasEnded = true
    })
  }

  #take(chunk: Uint8Array): void {
    const missing = greetingLength - this.#greeting.length
    if (missing > 0) {
      this.#greeting.push(...chunk.subarray(0, missing))
      if (this.#greeting.length === greetingLength) {
        const [role, ...key] = this.#greeting
        this.remoteIsInitiator = role === 1
        this.remoteId = key.map((byte) => byte.toString(16).padStart(2, '0')).join('')
      }
    }
    const rest = chunk.subarray(Math.max(0, missing))
    if (rest.byteLength === 0) return
    this.chunks.push(rest)
    this.receivedBytes += rest.byteLength
  }
}
