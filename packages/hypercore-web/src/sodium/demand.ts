// Checks of what callers pass in: libsodium reads and writes so many bytes, whatever it was given.

/** @throws RangeError when `bytes` has another length */
export function demand(name: string, bytes: Uint8Array | null | undefined, least: number, most = least): void {
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`${name} must be bytes, not ${bytes === null ? 'null' : typeof bytes}`)
  const { byteLength } = bytes
  if (byteLength >= least && byteLength <= most) return
  const wanted =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`
  throw new RangeError(`${name} must have ${wanted} bytes, not ${byteLength}`)
}
