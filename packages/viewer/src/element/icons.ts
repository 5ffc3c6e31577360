// Pictures of the controls, drawn on 24 × 24. They are decoration: the buttons that they stand in have names.

const paths = {
  play: 'M8 5v14l11-7z',
  pause: 'M6 5h4v14H6zM14 5h4v14h-4z',
  sound: 'M3 9v6h4l5 5V4L7 9zM14.5 8.2v7.6a4.5 4.5 0 0 0 0-7.6zM14.5 3.6v2.1a7 7 0 0 1 0 12.6v2.1a9 9 0 0 0 0-16.8z',
  muted:
    'M3 9v6h4l5 5V4L7 9zM20.7 9.7l-1.4-1.4-2.3 2.3-2.3-2.3-1.4 1.4 2.3 2.3-2.3 2.3 1.4 1.4 2.3-2.3 2.3 2.3 1.4-1.4-2.3-2.3z',
  peers:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm0 2c-3.3 0-7 1.6-7 4.5V20h14v-2.5C16 14.6 12.3 13 9 13zm7-2a3.5 3.5 0 0 0 0-7c-.4 0-.8.1-1.2.2a5.5 5.5 0 0 1 0 6.6c.4.1.8.2 1.2.2zm1.2 2.2c1 1 1.8 2.4 1.8 4.3V20h3v-2.5c0-2.3-2.3-3.7-4.8-4.3z',
  statistics: 'M4 20V10h4v10zM10 20V4h4v16zM16 20v-7h4v7z',
  pictureInPicture: 'M2 4h20v7h-2V6H4v12h6v2H2zM12 13h10v7H12z',
  enterFullscreen: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  leaveFullscreen: 'M8 4h2v6H4V8h4zM14 4h2v4h4v2h-6zM4 14h6v6H8v-4H4zM14 14h6v2h-4v4h-2z',
} as const

/** Name of a picture. */
export type IconName = keyof typeof paths

/** Markup of a picture. A `name` chooses it by its place: of several in a button, CSS shows one. */
export function iconHtml(name: IconName, className = ''): string {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"${className === '' ? '' : ` class="${className}"`}><path d="${paths[name]}"/></svg>`
}
