// The part of the `bittorrent-tracker` package that tests use; it ships no types.
declare module 'bittorrent-tracker/server' {
  import type { Server as HttpServer } from 'node:http'

  // biome-ignore lint/style/noDefaultExport: it is what the package has.
  export default class Server {
    readonly http: HttpServer
    constructor(options: { http: boolean; udp: boolean; stats: boolean })
    listen(port: number, host: string, onlistening: () => void): void
    close(onclosed: () => void): void
  }
}
