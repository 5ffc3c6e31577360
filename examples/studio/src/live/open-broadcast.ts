// A broadcast of what the person has set. Core is loaded when there is something to broadcast, not with the page.
import type { Broadcast } from '@hypervision/core'
import type { Capture } from '@hypervision/core/contracts'
import type { Preferences } from '../app/preferences.ts'
import type { Site } from '../app/site.ts'
import { storageOf } from './kept-channel.ts'
import { showOf } from './show.ts'

/**
 * Opens it.
 *
 * @param trackers that viewers meet it by
 */
export async function openBroadcast(
  capture: Capture,
  preferences: Preferences,
  trackers: readonly string[],
  { iceServers }: Site,
): Promise<Broadcast> {
  const { createBroadcast } = await import('@hypervision/core')
  const { webrtc } = await import('@hypervision/transport-webrtc')
  const { keepsChannel, isPrivate } = preferences
  return createBroadcast({
    capture,
    transports: [webrtc({ trackers, ...(iceServers === undefined ? {} : { iceServers }) })],
    private: isPrivate,
    ...showOf(preferences),
    ...(keepsChannel ? { storage: storageOf(isPrivate) } : {}),
  })
}
