/** Takes the controls off the picture when nobody has moved for a while, and back at any sign of a person. */

import { toggleFullScreen } from './full-screen.ts'
import { type Player, togglePlay } from './player.ts'

const idleMs = 3000

/**
 * Watches the pointer and the focus in a player's box; `idle` is a class of it. A click on the picture plays or pauses, a tap
 * shows or hides the controls.
 */
export function watchIdleness(player: Player, box: HTMLElement, bar: HTMLElement, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Whether the controls were away when a finger came down, which gives the player the focus and so brings them back. */
  let wasIdle = false
  const rest = (): void => {
    // What is paused or in use stays in sight.
    const isInUse = player.video.paused || bar.matches(':hover') || bar.querySelector(':focus-visible') !== null
    if (isInUse) wake()
    else box.classList.add('idle')
  }
  const wake = (): void => {
    clearTimeout(timer)
    box.classList.remove('idle')
    timer = setTimeout(rest, idleMs)
  }
  for (const type of ['pointermove', 'keydown', 'focusin'] as const) {
    box.addEventListener(type, (event) => isTouch(event) || wake(), { signal })
  }
  box.addEventListener(
    'pointerleave',
    (event) => {
      if (!isTouch(event)) rest()
    },
    { signal },
  )
  for (const type of ['play', 'pause']) player.video.addEventListener(type, wake, { signal })
  document.addEventListener('fullscreenchange', wake, { signal })
  box.addEventListener(
    'pointerdown',
    () => {
      wasIdle = box.classList.contains('idle')
    },
    { signal, capture: true },
  )
  box.addEventListener(
    'click',
    (event) => {
      const isOnPicture = event.target === player.video || event.target === box
      if (!player.hasControls) return
      if (!isOnPicture) wake()
      else if (!isTouch(event)) togglePlay(player)
      else if (wasIdle) wake()
      else {
        clearTimeout(timer)
        rest()
      }
    },
    { signal },
  )
  box.addEventListener(
    'dblclick',
    (event) => {
      if (player.hasControls && event.target === player.video && !isTouch(event))
        void toggleFullScreen(player).catch(() => {})
    },
    { signal },
  )
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  wake()
}

function isTouch(event: Event): boolean {
  return (event as Partial<PointerEvent>).pointerType === 'touch'
}
