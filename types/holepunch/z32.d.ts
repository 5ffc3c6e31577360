declare module 'z32' {
  /** z-base-32, without padding. */
  export function encode(bytes: Uint8Array): string
  /** Throws on a character outside the alphabet; bits that do not fill a byte are dropped. */
  export function decode(text: string): Uint8Array
}
