/** Full screen: of the whole player where the browser can, of the bare video on telephones of Apple's. */
import type { Player } from './player.ts'

interface AppleVideo extends HTMLVideoElement {
  webkitEnterFullscreen?(): void
}

/** Whether there is such a thing here; a frame of another page has to be allowed it. */
export function hasFullScreen({ video }: Player): boolean {
  return document.fullscreenEnabled || (video as AppleVideo).webkitEnterFullscreen !== undefined
}

/** Whether the player fills the screen. */
export function isFullScreen({ host }: Player): boolean {
  return host.matches(':fullscreen')
}

/** Enters or leaves it. */
export async function toggleFullScreen(player: Player): Promise<void> {
  const { host, video } = player
  if (isFullScreen(player)) await document.exitFullscreen()
  else if (document.fullscreenEnabled) await host.requestFullscreen()
  else (video as AppleVideo).webkitEnterFullscreen?.()
}
