/**
 * Session descriptions before they are sent and after they have come. What comes is from anybody: it is bounded and held to
 * the one shape that is used here before a WebRTC implementation, native code as a rule, sees it.
 */

/** Longest description that is taken or sent, characters. A usual one has 500 to 3000. */
export const maxSdpLength = 16 * 1024
/** Candidates of one description; what is beyond is left out. Each is an address that packets are sent to. */
export const maxCandidates = 20
const maxLines = 256

/** Attribute that carries who made a description; WebRTC never sees it. */
export const identityAttribute = 'a=hypervision:'

/** A description that has passed the checks. */
export interface ReadSdp {
  /** For `setRemoteDescription()`. */
  readonly sdp: string
  /** What {@link identityAttribute} had to say; null where there is none. */
  readonly identity: string | null
  /** Lines that name the certificate of the connection. */
  readonly fingerprints: readonly string[]
}

/** Reads what a peer sent; null where it is anything but the description of one data channel connection. */
export function readSdp(sdp: unknown): ReadSdp | null {
  if (typeof sdp !== 'string' || sdp.length > maxSdpLength) return null
  const lines = sdp.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines.length > maxLines || lines[0] !== 'v=0') return null
  // RFC 8866: a letter, an equals sign, text. Everything that WebRTC needs is ASCII.
  if (lines.some((line) => !/^[a-z]=[\x20-\x7e]*$/.test(line))) return null
  const media = lines.filter((line) => line.startsWith('m='))
  if (media.length !== 1 || !media[0]?.startsWith('m=application ')) return null
  const identities = lines.filter((line) => line.startsWith(identityAttribute))
  const fingerprints = fingerprintsOf(lines)
  if (identities.length > 1 || fingerprints.length === 0) return null
  const kept = limitCandidates(lines.filter((line) => !line.startsWith(identityAttribute)))
  return { sdp: joined(kept), identity: identities[0]?.slice(identityAttribute.length) ?? null, fingerprints }
}

/** A description and its candidates apart. */
export interface SplitSdp {
  readonly sdp: string
  /** For `addIceCandidate()`. */
  readonly candidates: readonly string[]
  /** Media identification that they belong to. */
  readonly mid: string
}

/** Takes the candidates out of a description that has one medium. */
export function splitCandidates(sdp: string): SplitSdp {
  const lines = sdp.split('\r\n').filter((line) => line !== '')
  return {
    sdp: joined(lines.filter((line) => !isCandidate(line) && line !== 'a=end-of-candidates')),
    candidates: lines.filter(isCandidate).map((line) => line.slice('a='.length)),
    mid: lines.find((line) => line.startsWith('a=mid:'))?.slice('a=mid:'.length) ?? '0',
  }
}

/** How a description of one's own is to be sent. */
export interface WriteSdpOptions {
  /** Whether nothing but the addresses of relays may be told. */
  readonly relayOnly: boolean
  /** Makes the value of {@link identityAttribute} from the lines that name the certificate. */
  identify(fingerprints: readonly string[]): string
}

/** Makes a description ready to be sent. */
export function writeSdp(sdp: string, { relayOnly, identify }: WriteSdpOptions): string {
  let lines = sdp.split(/\r?\n/).filter((line) => line !== '')
  if (relayOnly) lines = lines.filter((line) => !isCandidate(line) || / typ relay( |$)/.test(line)).map(hideAddress)
  lines = limitCandidates(lines)
  return joined([...lines, identityAttribute + identify(fingerprintsOf(lines))])
}

/** A relayed candidate names the address that it is relayed for, and a description the address that is preferred. */
function hideAddress(line: string): string {
  if (isCandidate(line)) return line.replace(/ raddr \S+ rport \d+/, ' raddr 0.0.0.0 rport 0')
  if (line.startsWith('c=')) return 'c=IN IP4 0.0.0.0'
  return line.replace(/^(m=application) \d+/, '$1 9')
}

function limitCandidates(lines: readonly string[]): string[] {
  let candidates = 0
  return lines.filter((line) => !isCandidate(line) || ++candidates <= maxCandidates)
}

function isCandidate(line: string): boolean {
  return line.startsWith('a=candidate:')
}

function fingerprintsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('a=fingerprint:'))
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('')
}
