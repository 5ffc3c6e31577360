/** What the controls steer: a video near the live edge, and the box around it that a person sees. */

/** One player. */
export interface Player {
  /** The element in the page. */
  readonly host: HTMLElement
  readonly video: HTMLVideoElement
  /** Whether its own controls are shown. */
  readonly hasControls: boolean
  /** Whether it keeps to the live edge. */
  readonly isLive: boolean
  /** From where and up to where a person may seek, seconds on the stream's timeline; null where there is nothing yet. */
  readonly seekable: readonly [start: number, end: number] | null
  /** Returns to the live edge and plays. */
  live(): Promise<void>
}

/** How far an arrow key goes, seconds. */
export const seekStepSeconds = 10
const volumeStep = 0.05
/** Closer to the end than this is the live edge. */
const edgeSeconds = 1

/** Plays, or pauses. */
export function togglePlay({ video }: Player): void {
  if (video.paused) void video.play().catch(() => {})
  else video.pause()
}

/** Turns the sound off, or on. */
export function toggleMute({ video }: Player): void {
  const isSilent = video.muted || video.volume === 0
  video.muted = !isSilent
  if (isSilent && video.volume === 0) video.volume = 0.5
}

/** Sets how loud it is, 0 to 1; whoever turns it up wants to hear it. */
export function setVolume({ video }: Player, volume: number): void {
  video.volume = Math.min(1, Math.max(0, volume))
  video.muted = video.volume === 0
}

/** Makes it louder or quieter by so many steps. */
export function stepVolume(player: Player, steps: number): void {
  setVolume(player, (player.video.muted ? 0 : player.video.volume) + steps * volumeStep)
}

/** Goes to a moment of what may be sought; its end is the live edge. */
export function seekTo(player: Player, seconds: number): void {
  const { seekable, video } = player
  if (seekable === null) return
  const [start, end] = seekable
  if (seconds > end - edgeSeconds) void player.live().catch(() => {})
  else video.currentTime = Math.max(start, seconds)
}

/** Opens or leaves picture in picture. */
export async function togglePictureInPicture({ video }: Player): Promise<void> {
  if (document.pictureInPictureElement === null) await video.requestPictureInPicture()
  else await document.exitPictureInPicture()
}

/** Whether the browser and the page allow picture in picture. */
export function hasPictureInPicture({ host }: Player): boolean {
  return document.pictureInPictureEnabled === true && !host.hasAttribute('disablepictureinpicture')
}
