declare module 'hyperswarm' {
  import type NoiseSecretStream from '@hyperswarm/secret-stream'
  import type HyperDHT from 'hyperdht'

  export interface PeerInfo {
    readonly publicKey: Uint8Array
    readonly banned: boolean
    ban(banned: boolean): void
  }

  export interface PeerDiscoverySession {
    /** Resolves after the announcement or look-up under way. */
    flushed(): Promise<boolean>
    refresh(options?: { server?: boolean; client?: boolean }): Promise<boolean>
    destroy(): Promise<void>
  }

  export default class Hyperswarm {
    constructor(options?: {
      dht?: HyperDHT
      keyPair?: { publicKey: Uint8Array; secretKey: Uint8Array }
      maxPeers?: number
      maxClientConnections?: number
      /** Calls under way at once, three where it is left out. */
      maxParallel?: number
      /** Whether to refuse a peer. */
      firewall?: (remotePublicKey: Uint8Array, payload: unknown) => boolean
      /** Waits before a peer is called again, four of them, milliseconds. */
      backoffs?: number[]
      jitter?: number
    })
    maxPeers: number
    maxClientConnections: number
    maxParallel: number
    readonly connections: Set<NoiseSecretStream>
    readonly peers: Map<string, PeerInfo>
    readonly destroyed: boolean
    /** Calls under way. */
    readonly connecting: number
    /** Calls a peer by its key, and again whenever it is lost, until it is left. */
    joinPeer(publicKey: Uint8Array): void
    /** Calls the peer no more; a call under way, or a connection, stays. */
    leavePeer(publicKey: Uint8Array): void
    join(topic: Uint8Array, options?: { server?: boolean; client?: boolean }): PeerDiscoverySession
    leave(topic: Uint8Array): Promise<void>
    flush(): Promise<boolean>
    destroy(options?: { force?: boolean }): Promise<void>
    on(name: 'connection', listener: (stream: NoiseSecretStream, peer: PeerInfo) => void): this
    on(name: 'ban', listener: (peer: PeerInfo, error: Error) => void): this
    on(name: 'update', listener: () => void): this
  }
}
