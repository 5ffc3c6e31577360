declare module 'protomux' {
  import type NoiseSecretStream from '@hyperswarm/secret-stream'

  /** Protocols that share one stream. */
  export default class Protomux {
    static from(stream: NoiseSecretStream): Protomux
    readonly stream: NoiseSecretStream
    destroy(error?: Error): void
  }
}
