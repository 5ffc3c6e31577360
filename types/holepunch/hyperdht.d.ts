declare module 'hyperdht' {
  export interface HyperDHTOptions {
    /** Port to bind; another one is taken where it is in use, unless `anyPort` is false. */
    port?: number
    host?: string
    anyPort?: boolean
    bootstrap?: { host: string; port: number }[] | string[]
    ephemeral?: boolean
    firewalled?: boolean
    connectionKeepAlive?: number | false
  }

  export default class HyperDHT {
    constructor(options?: HyperDHTOptions)
    readonly destroyed: boolean
    readonly online: boolean
    /** Its sockets; `networkInterfaces` watches the machine's addresses. */
    readonly io: { readonly networkInterfaces: { destroy(): void } }
    address(): { host: string; port: number } | null
    fullyBootstrapped(): Promise<void>
    ready(): Promise<void>
    /** Tells of a key on a topic; whoever looks that up is told through which addresses it can be called. */
    announce(
      topic: Uint8Array,
      keyPair: { publicKey: Uint8Array; secretKey: Uint8Array },
      relayAddresses?: { host: string; port: number }[],
    ): { finished(): Promise<void> }
    /** The other nodes that it knows. */
    toArray(): { host: string; port: number }[]
    destroy(options?: { force?: boolean }): Promise<void>
    on(name: 'network-change' | 'network-update' | 'ready' | 'close', listener: () => void): this
  }
}
