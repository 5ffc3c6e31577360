/** Keys of the player, while its own controls are shown and the focus is in it. */
import { hasFullScreen, toggleFullScreen } from './full-screen.ts'
import {
  hasPictureInPicture,
  type Player,
  seekStepSeconds,
  seekTo,
  stepVolume,
  toggleMute,
  togglePictureInPicture,
  togglePlay,
} from './player.ts'

const keys: Readonly<Record<string, (player: Player) => void>> = {
  ' ': togglePlay,
  k: togglePlay,
  m: toggleMute,
  l: (player) => void player.live().catch(() => {}),
  f: (player) => {
    if (hasFullScreen(player)) void toggleFullScreen(player).catch(() => {})
  },
  p: (player) => {
    if (hasPictureInPicture(player)) void togglePictureInPicture(player).catch(() => {})
  },
  ArrowLeft: (player) => seekTo(player, player.video.currentTime - seekStepSeconds),
  ArrowRight: (player) => {
    if (!player.isLive) seekTo(player, player.video.currentTime + seekStepSeconds)
  },
  ArrowUp: (player) => stepVolume(player, 1),
  ArrowDown: (player) => stepVolume(player, -1),
  Home: (player) => seekTo(player, player.seekable?.[0] ?? 0),
  End: (player) => void player.live().catch(() => {}),
}

/**
 * Listens to the keys.
 *
 * @param onstatistics the key of the statistics
 */
export function listenToKeys(player: Player, onstatistics: () => void, signal: AbortSignal): void {
  const onkey = (event: KeyboardEvent): void => {
    const isForUs = player.hasControls && !event.defaultPrevented && !event.ctrlKey && !event.altKey && !event.metaKey
    const [target] = event.composedPath()
    if (!isForUs || !(target instanceof Element) || isTheirs(target, event.key)) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const act = key === 's' ? onstatistics : Object.hasOwn(keys, key) ? keys[key] : undefined
    if (act === undefined) return
    event.preventDefault()
    act(player)
  }
  player.host.addEventListener('keydown', onkey, { signal })
}

/** Whether the focused thing has a use of its own for a key: buttons for the space bar, the volume and long texts for arrows. */
function isTheirs(target: Element, key: string): boolean {
  if (target.localName === 'button') return key === ' '
  const isMove = key.startsWith('Arrow') || key === 'Home' || key === 'End'
  return isMove && (target.matches('.volume') || target.matches('.figures'))
}
