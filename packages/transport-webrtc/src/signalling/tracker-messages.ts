/**
 * The messages of the WebTorrent tracker's protocol: JSON texts, in which bytes are strings of one character per byte.
 * There is no specification; bittorrent-tracker is what other trackers follow.
 *
 * | message | from | carries |
 * |---|---|---|
 * | announce | peer | `info_hash`, `peer_id`, `numwant`, `offers`: one for each of that many peers |
 * | announce | tracker | `complete` + `incomplete`: how many are there; `interval` in seconds |
 * | offer | tracker | `offer`, `offer_id`, `peer_id` of whom it is from |
 * | answer | both | `answer`, `offer_id`, `peer_id`; `to_peer_id` on its way to the tracker |
 */
import { toHex } from '../hex.ts'
import type { SignallingOffer } from './signalling.ts'

/** Bytes of a topic that trackers know it by. */
const infoHashLength = 20
const idLength = 20
/** More than that is not believed. */
const maxCount = 1_000_000

/** What a tracker may say. */
export type TrackerMessage =
  | {
      readonly kind: 'announced'
      readonly infoHash: string
      readonly peers: number | null
      readonly intervalSeconds: number | null
    }
  | {
      readonly kind: 'offer'
      readonly infoHash: string
      readonly sdp: unknown
      readonly offerId: string
      readonly from: string
    }
  | { readonly kind: 'answer'; readonly infoHash: string; readonly sdp: unknown; readonly offerId: string }
  | { readonly kind: 'failure'; readonly infoHash: string | null; readonly reason: string }

/** Reads a message; null where it is none of those above. Hashes and ids are binary strings. */
export function readTrackerMessage(text: string): TrackerMessage | null {
  const message = parseObject(text)
  if (message === null) return null
  const infoHash = binaryOf(message.info_hash, infoHashLength)
  const failure = message['failure reason']
  if (typeof failure === 'string') return { kind: 'failure', infoHash, reason: failure.slice(0, 200) }
  if (message.action !== 'announce' || infoHash === null) return null
  const offerId = binaryOf(message.offer_id, idLength)
  const from = binaryOf(message.peer_id, idLength)
  if (message.offer !== undefined) {
    return offerId === null || from === null
      ? null
      : { kind: 'offer', infoHash, sdp: sdpOf(message.offer), offerId, from }
  }
  if (message.answer !== undefined) {
    return offerId === null ? null : { kind: 'answer', infoHash, sdp: sdpOf(message.answer), offerId }
  }
  const complete = countOf(message.complete)
  const incomplete = countOf(message.incomplete)
  return {
    kind: 'announced',
    infoHash,
    peers: complete === null && incomplete === null ? null : (complete ?? 0) + (incomplete ?? 0),
    intervalSeconds: countOf(message.interval),
  }
}

/** An announcement, with an offer for each peer that is to be called. */
export function announceMessage(
  infoHash: string,
  peerId: string,
  offers: readonly SignallingOffer[],
  event?: 'started' | 'stopped',
): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: infoHash,
    peer_id: peerId,
    numwant: offers.length,
    uploaded: 0,
    downloaded: 0,
    // Somebody who has nothing to fetch any more is not called by some trackers.
    left: 1,
    ...(event === undefined ? {} : { event }),
    offers: offers.map(({ id, sdp }) => ({ offer_id: toBinary(id), offer: { type: 'offer', sdp } })),
  })
}

/** The answer to an offer. */
export function answerMessage(
  infoHash: string,
  peerId: string,
  to: { readonly from: string; readonly offerId: string },
  sdp: string,
): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: infoHash,
    peer_id: peerId,
    to_peer_id: to.from,
    offer_id: to.offerId,
    answer: { type: 'answer', sdp },
  })
}

/** What trackers know a topic by. */
export function infoHashOf(topic: Uint8Array): string {
  return String.fromCharCode(...topic.subarray(0, infoHashLength))
}

/** A new peer id, of the form that names the program. */
export function newPeerId(): string {
  return `-HV0001-${toHex(crypto.getRandomValues(new Uint8Array(6)))}`
}

/** @param binary one character per byte */
export function binaryToHex(binary: string): string {
  return toHex(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
}

function toBinary(hex: string): string {
  return hex.replace(/../g, (digits) => String.fromCharCode(Number.parseInt(digits, 16)))
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function binaryOf(value: unknown, length: number): string | null {
  return typeof value === 'string' && value.length === length && !/[^\0-\xff]/.test(value) ? value : null
}

function sdpOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'sdp' in value ? value.sdp : null
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? Math.min(value, maxCount) : null
}
