// What the SDK uses of protomux 3.12.
declare module 'protomux' {
  import type NoiseSecretStream from '@hyperswarm/secret-stream'

  /** An encoding of compact-encoding. */
  interface Encoding<Value> {
    preencode(state: { start: number; end: number; buffer: Uint8Array | null }, value: Value): void
    encode(state: { start: number; end: number; buffer: Uint8Array | null }, value: Value): void
    decode(state: { start: number; end: number; buffer: Uint8Array | null }): Value
  }

  /** A kind of message; its number is the order in which it was added. */
  export interface ProtomuxMessage<Value> {
    /** False when the stream is full, or the channel is closed. */
    send(value: Value): boolean
  }

  /** One protocol on a stream. */
  export interface ProtomuxChannel<Handshake> {
    readonly opened: boolean
    readonly closed: boolean
    open(handshake: Handshake): void
    close(): void
    addMessage<Value>(options: { encoding: Encoding<Value>; onmessage(value: Value): unknown }): ProtomuxMessage<Value>
  }

  /** Protocols that share one stream. */
  export default class Protomux {
    static from(stream: NoiseSecretStream): Protomux
    readonly stream: NoiseSecretStream
    /** Null where one of this protocol and id is open already. */
    createChannel<Handshake>(options: {
      protocol: string
      id?: Uint8Array | null
      handshake: Encoding<Handshake>
      onopen(handshake: Handshake): void
      onclose(isRemote: boolean): void
      ondrain?(): void
    }): ProtomuxChannel<Handshake> | null
    /** Calls back when the other side opens a channel of the protocol, to open it here as well. */
    pair(of: { protocol: string; id?: Uint8Array | null }, notify: (id: Uint8Array | null) => void): void
    destroy(error?: Error): void
  }
}
