// A link as a picture that a phone's camera reads.
import { encodeQR } from 'qr'

const namespace = 'http://www.w3.org/2000/svg'
/** Light cells around it, which readers need. https://www.qrcode.com/en/howto/code.html */
const quietZone = 4

/** The picture: dark on light in either colour scheme, since many readers know nothing else. */
export function qrCode(text: string): SVGSVGElement {
  const cells = encodeQR(text, 'raw', { border: quietZone, ecc: 'low' })
  const path = cells.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  const picture = document.createElementNS(namespace, 'svg')
  for (const [name, value] of Object.entries({
    viewBox: `0 0 ${cells.length} ${cells.length}`,
    class: 'qr',
    role: 'img',
    'aria-label': 'QR code of the web link',
    'shape-rendering': 'crispEdges',
  })) {
    picture.setAttribute(name, value)
  }
  const dark = document.createElementNS(namespace, 'path')
  dark.setAttribute('d', path.join(''))
  picture.append(dark)
  return picture
}
