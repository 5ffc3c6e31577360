// The pictures on buttons: strokes on a square of 24, in the colour of the text beside them.

const paths = {
  camera: 'M3.5 7.5h9a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-9a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM14.5 11l6-3v8l-6-3',
  copy: 'M9 9h10v10H9zM15 5H5v10',
  cross: 'M6 6l12 12M18 6L6 18',
  microphone: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  microphoneOff:
    'M9 9v2a3 3 0 0 0 4.5 2.6M15 10V6a3 3 0 0 0-5.8-1M5.5 11a6.5 6.5 0 0 0 10.3 5.3M18.4 12a6 6 0 0 0 .1-1M12 17.5V21M4 4l16 16',
  play: 'M8 5.5v13l10.5-6.5z',
  picture: 'M3.5 5.5h17v13h-17zM3.5 15l5-4.5 4 3.5 3-2.5 5 4',
  pictureOff: 'M8 5.5h12.5V17M17.5 18.5h-14v-13H5M3.5 15l5-4.5 4 3.5M4 4l16 16',
  screen: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4ZM9 14.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z',
  share: 'M12 15V4M8 7.5 12 3.5l4 4M5 12v7.5h14V12',
  signal:
    'M12 10.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6ZM7.8 7.8a6 6 0 0 0 0 8.4M16.2 7.8a6 6 0 0 1 0 8.4M5 5a10 10 0 0 0 0 14M19 5a10 10 0 0 1 0 14',
  warning: 'M12 4 21 19.5H3zM12 10v4.5M12 17v.2',
} as const

/** Name of a picture. */
export type IconName = keyof typeof paths

const svg = 'http://www.w3.org/2000/svg'

/** A picture beside words: screen readers pass over it. */
export function icon(name: IconName): SVGSVGElement {
  const picture = document.createElementNS(svg, 'svg')
  picture.setAttribute('viewBox', '0 0 24 24')
  picture.setAttribute('class', 'icon')
  picture.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', paths[name])
  picture.append(path)
  return picture
}
