/** What a peer sends to a tracker, read from JSON that may be anything. Binary strings have one character per byte. */

/** An announcement, which may carry offers for others or the answer to one. */
export interface Announcement {
  readonly infoHash: string
  readonly peerId: string
  readonly isStopped: boolean
  readonly offers: readonly { readonly id: string; readonly sdp: string }[]
  readonly answer: { readonly to: string; readonly offerId: string; readonly sdp: string } | null
}

/** Offers of one announcement; what is beyond is left out. */
const maxOffers = 10
const maxSdpLength = 16 * 1024
const idLength = 20

/** Reads an announcement; in words what is wrong with it where it is none. */
export function readAnnouncement(text: string): Announcement | string {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (!isRecord(message)) return 'not an object'
  const { action, info_hash: infoHash, peer_id: peerId } = message
  if (action !== 'announce') return 'unknown action'
  if (!isId(infoHash)) return 'invalid info_hash'
  if (!isId(peerId)) return 'invalid peer_id'
  return {
    infoHash,
    peerId,
    isStopped: message.event === 'stopped',
    offers: readOffers(message.offers),
    answer: readAnswer(message),
  }
}

function readOffers(offers: unknown): { id: string; sdp: string }[] {
  if (!Array.isArray(offers)) return []
  return offers.slice(0, maxOffers).flatMap((each: unknown) => {
    if (!isRecord(each)) return []
    const sdp = readSdp(each.offer)
    return isId(each.offer_id) && sdp !== null ? [{ id: each.offer_id, sdp }] : []
  })
}

function readAnswer({ answer, to_peer_id: to, offer_id: offerId }: Record<string, unknown>): Announcement['answer'] {
  const sdp = readSdp(answer)
  return sdp !== null && isId(to) && isId(offerId) ? { to, offerId, sdp } : null
}

function readSdp(description: unknown): string | null {
  if (!isRecord(description)) return null
  const { sdp } = description
  return typeof sdp === 'string' && sdp.length <= maxSdpLength ? sdp : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length === idLength && !/[^\0-\xff]/.test(value)
}
