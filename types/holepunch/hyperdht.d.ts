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
    /** The other nodes that it knows. */
    toArray(): { host: string; port: number }[]
    destroy(options?: { force?: boolean }): Promise<void>
    on(name: 'network-change' | 'network-update' | 'ready' | 'close', listener: () => void): this
  }
}
