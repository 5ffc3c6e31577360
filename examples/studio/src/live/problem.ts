// What went wrong, as a person is told it: a title, and what to do.

import type { Preferences } from '../app/preferences.ts'
import type { SourceKind } from './sources.ts'

/** Something that went wrong. */
export interface Problem {
  readonly title: string
  readonly text: string
}

/** Titles by the code of the error, and for devices by the reason that the browser gave. */
const titles: Readonly<Record<string, string>> = {
  ERR_CAPTURE_CODEC: 'This browser cannot record',
  ERR_CAPTURE_DEVICE: 'A device cannot be used',
  ERR_CAPTURE_FAILED: 'The recording stopped',
  ERR_FEED_CONFLICT: 'The channel cannot go on',
  ERR_FEED_STORAGE: 'The channel cannot be kept',
  ERR_FEED_STORAGE_FULL: 'There is no space left for the channel',
  ERR_FEED_STORAGE_IN_USE: 'Your channel is on air in another tab',
  ERR_OPTION_INVALID: 'A setting cannot be used',
  ERR_OPTION_LINK: 'This is not a link to a broadcast',
  ERR_TRANSPORT_FAILED: 'A tracker cannot be reached',
  ERR_TRANSPORT_UNSUPPORTED: 'This browser has no WebRTC',
  NotAllowedError: 'Permission was denied',
  NotFoundError: 'No such device',
  NotReadableError: 'The device is in use',
}

/** Words for an error. */
export function problemOf(error: unknown): Problem {
  const { code, detail, message } = error as { code?: unknown; detail?: { reason?: unknown }; message?: unknown }
  const text = typeof message === 'string' ? message : String(error)
  const title = titles[String(detail?.reason)] ?? titles[String(code)] ?? 'Something went wrong'
  return { title, text }
}

/**
 * What this browser, or the way in which the page was opened, lacks for a broadcast.
 *
 * @returns null where it lacks nothing
 */
export function lackForBroadcast(): Problem | null {
  const lack = lackForWatching()
  if (lack !== null) return lack
  if (!isSecureContext || navigator.mediaDevices === undefined) {
    return {
      title: 'Cameras are out of reach here',
      text: 'Browsers give cameras, microphones and screens only to pages that came by https:// or are on this machine. Open the studio that way.',
    }
  }
  if (typeof MediaRecorder === 'undefined') {
    return { title: 'This browser cannot record', text: 'Use a current version of Chrome, Edge or Firefox.' }
  }
  return null
}

/** The same for watching. */
export function lackForWatching(): Problem | null {
  if (typeof RTCPeerConnection !== 'undefined') return null
  return {
    title: 'This browser has no WebRTC',
    text: 'Without it a page reaches nobody. It may be switched off in the settings or by an extension; or use a current version of Chrome, Edge, Firefox or Safari.',
  }
}

/** What a person has not chosen, without which there is nothing to send; null where there is enough. */
export function lackOfChoice(kind: SourceKind, { camera, microphone }: Preferences): Problem | null {
  if (kind === 'screen' || camera !== 'none' || microphone !== 'none') return null
  return { title: 'Nothing to send', text: 'Both the camera and the microphone are set to none. Choose one of them.' }
}
