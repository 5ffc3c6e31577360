// The parts that tests and benches use of the `ebml` package, which ships no types.
declare module 'ebml' {
  import type { Transform } from 'node:stream'

  export interface EbmlTag {
    readonly name: string
    readonly start: number
    readonly end: number
    readonly dataSize: number
    readonly data: Buffer
    /** Number of an unsigned integer; a hex string where it has more than 6 bytes; the relative timestamp of a block. */
    readonly value: number | string
    /** Blocks only. */
    readonly track: number
    readonly keyframe: boolean
    readonly payload: Buffer
  }

  export type EbmlEvent = ['start' | 'end' | 'tag', EbmlTag]

  export class Decoder extends Transform {
    on(event: 'data', listener: (event: EbmlEvent) => void): this
    on(event: string, listener: (...values: never[]) => void): this
  }
}
