declare module '@hyperswarm/secret-stream' {
  export interface SecretStreamOptions {
    keyPair?: { publicKey: Uint8Array; secretKey: Uint8Array }
    remotePublicKey?: Uint8Array
    autoStart?: boolean
  }

  /** A duplex that authenticates both ends by Noise and encrypts what passes. */
  export default class NoiseSecretStream {
    constructor(isInitiator: boolean, rawStream?: object | null, options?: SecretStreamOptions)
    readonly isInitiator: boolean
    readonly rawStream: object
    /** Resolves with whether the handshake was finished. */
    readonly opened: Promise<boolean>
    readonly publicKey: Uint8Array
    readonly remotePublicKey: Uint8Array | null
    readonly handshakeHash: Uint8Array | null
    readonly rawBytesRead: number
    readonly rawBytesWritten: number
    readonly destroying: boolean
    readonly destroyed: boolean
    /** The Protomux that shares the stream, where there is one. */
    userData: unknown
    setKeepAlive(milliseconds: number): void
    setTimeout(milliseconds: number): void
    write(chunk: Uint8Array): boolean
    end(): unknown
    destroy(error?: Error | null): unknown
    on(name: 'open' | 'close' | 'end' | 'drain', listener: () => void): this
    on(name: 'data', listener: (chunk: Uint8Array) => void): this
    on(name: 'error', listener: (error: Error) => void): this
  }
}
