/** The element's own controls: what they show follows the video, what a person does with them steers it. */
import { hasFullScreen, isFullScreen, toggleFullScreen } from './full-screen.ts'
import { watchIdleness } from './idle.ts'
import { listenToKeys } from './keyboard.ts'
import { partOf } from './part.ts'
import {
  hasPictureInPicture,
  type Player,
  seekTo,
  setVolume,
  toggleMute,
  togglePictureInPicture,
  togglePlay,
} from './player.ts'

/** Less than this is nothing to go back in, seconds. */
const leastSeekable = 2
const videoEvents = [
  'play',
  'pause',
  'ended',
  'emptied',
  'timeupdate',
  'seeking',
  'volumechange',
  'enterpictureinpicture',
  'leavepictureinpicture',
]

/** The controls of one player; they end with the signal. */
export class Controls {
  readonly #player: Player
  readonly #root: ParentNode
  /** Where a person has drawn the time to and not let go yet. */
  #drawnTo: number | null = null

  /** @param onstatistics a person wants to see or hide the figures */
  constructor(player: Player, root: ParentNode, onstatistics: () => void, signal: AbortSignal) {
    this.#player = player
    this.#root = root
    const onclick = (name: string, act: (player: Player) => unknown): void =>
      this.#button(name).addEventListener('click', () => act(player), { signal })
    onclick('play', togglePlay)
    onclick('mute', toggleMute)
    onclick('live', () => player.live().catch(() => {}))
    onclick('pip', () => togglePictureInPicture(player).catch(() => {}))
    onclick('fullscreen', () => toggleFullScreen(player).catch(() => {}))
    onclick('statistics', onstatistics)
    const volume = this.#range('volume')
    volume.addEventListener('input', () => setVolume(player, Number(volume.value)), { signal })
    const seek = this.#range('seek')
    seek.addEventListener('input', () => this.#draw(Number(seek.value)), { signal })
    seek.addEventListener('change', () => this.#letGo(Number(seek.value)), { signal })
    const update = (): void => this.update()
    for (const type of videoEvents) player.video.addEventListener(type, update, { signal })
    document.addEventListener('fullscreenchange', update, { signal })
    listenToKeys(player, onstatistics, signal)
    watchIdleness(player, partOf(this.#root, '.player'), partOf(this.#root, '.bar'), signal)
    this.update()
  }

  /** Shows how things stand. */
  update(): void {
    const { video } = this.#player
    const isSilent = video.muted || video.volume === 0
    this.#toggle('play', !video.paused, 'Pause', 'Play')
    this.#toggle('mute', isSilent, 'Unmute', 'Mute')
    this.#toggle('fullscreen', isFullScreen(this.#player), 'Leave full screen', 'Full screen')
    this.#button('pip').hidden = !hasPictureInPicture(this.#player)
    this.#button('fullscreen').hidden = !hasFullScreen(this.#player)
    const box = partOf(this.#root, '.player')
    if (box.hasAttribute('tabindex') !== this.#player.hasControls) {
      if (this.#player.hasControls) box.tabIndex = 0
      else box.removeAttribute('tabindex')
    }
    const volume = this.#range('volume')
    volume.value = String(isSilent ? 0 : video.volume)
    fill(volume, isSilent ? 0 : video.volume)
    volume.ariaValueText = isSilent ? 'muted' : `${Math.round(video.volume * 100)} %`
    this.#updateTime()
  }

  #updateTime(): void {
    const { seekable, isLive, video } = this.#player
    const seek = this.#range('seek')
    const live = this.#button('live')
    const [start, end] = seekable ?? [0, 0]
    seek.hidden = end - start < leastSeekable
    live.hidden = seekable === null
    live.ariaPressed = String(isLive)
    const time = this.#drawnTo ?? (isLive ? end : Math.min(end, video.currentTime))
    const behind = end - time
    const isAtEdge = this.#drawnTo === null ? isLive : behind < 1
    const behindText = clockText(behind)
    live.ariaLabel = isAtEdge ? 'Live' : `Go live, ${behindText} behind`
    live.title = isAtEdge ? 'Live' : 'Go live (l)'
    partOf(this.#root, '.behind').hidden = isAtEdge
    partOf(this.#root, '.behind').textContent = `−${behindText}`
    if (seek.hidden) return
    seek.min = String(start)
    seek.max = String(end)
    if (this.#drawnTo === null) seek.value = String(time)
    fill(seek, (time - start) / (end - start))
    seek.ariaValueText = isAtEdge ? 'live' : `${behindText} behind live`
  }

  #draw(seconds: number): void {
    this.#drawnTo = seconds
    this.#updateTime()
  }

  #letGo(seconds: number): void {
    this.#drawnTo = null
    seekTo(this.#player, seconds)
    this.#updateTime()
  }

  #toggle(name: string, isOn: boolean, whenOn: string, whenOff: string): void {
    const button = this.#button(name)
    const label = isOn ? whenOn : whenOff
    // Its name says what it does next, so that `aria-pressed` would say it a second time, the other way round.
    button.toggleAttribute('data-on', isOn)
    if (button.ariaLabel === label) return
    button.ariaLabel = label
    button.title = `${label} (${button.getAttribute('aria-keyshortcuts')})`
  }

  #button(name: string): HTMLButtonElement {
    return partOf(this.#root, `button.${name}`)
  }

  #range(name: string): HTMLInputElement {
    return partOf(this.#root, `input.${name}`)
  }
}

function fill(range: HTMLInputElement, share: number): void {
  range.style.setProperty('--filled', `${Math.min(100, Math.max(0, share * 100))}%`)
}

/** `0:42`, `12:05`, `1:02:03`. */
function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  const rest = String(whole % 60).padStart(2, '0')
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`
}
