// Numbers as people read them.

/** `0:07`, `12:03`, `1:02:03`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const [hours = 0, minutes = 0, rest = 0] = parts
  const end = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${end}` : end
}

/** `0 kB`, `812 kB`, `1.2 MB`, `3.4 GB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** `812 kbit/s`, `2.1 Mbit/s`. */
export function bitrateText(bitsPerSecond: number): string {
  return bitsPerSecond < 1e6
    ? `${Math.round(bitsPerSecond / 1e3)} kbit/s`
    : `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`
}

/** How often a stream was sent: `1.9 ×`. */
export function copiesText(copies: number): string {
  return `${copies.toFixed(1)} ×`
}

/** `140 ms`, `1.6 s`; null where the clocks of both ends do not agree, as what is shown seems to come from the future. */
export function delayText(ms: number): string | null {
  if (ms < 0) return null
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
