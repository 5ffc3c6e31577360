// The camera of a page: a canvas with the clock and something that moves, and a tone.
import { cells, drawnCells, picture } from './picture-clock.ts'

/** Begins to draw; the stream has a picture and a sound. */
export function clockStream(): MediaStream {
  const canvas = document.createElement('canvas')
  canvas.width = picture.width
  canvas.height = picture.height
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('the browser gave no canvas')
  const draw = (): void => {
    drawPicture(context, Date.now())
    requestAnimationFrame(draw)
  }
  draw()
  const audio = new AudioContext()
  const tone = audio.createOscillator()
  const sound = audio.createMediaStreamDestination()
  tone.connect(sound)
  tone.start()
  return new MediaStream([...canvas.captureStream(picture.frameRate).getTracks(), ...sound.stream.getTracks()])
}

function drawPicture(context: CanvasRenderingContext2D, nowMs: number): void {
  for (const [at, isWhite] of drawnCells(nowMs).entries()) {
    context.fillStyle = isWhite ? '#fff' : '#000'
    const x = (at % cells.columns) * cells.width
    const y = Math.floor(at / cells.columns) * cells.height
    context.fillRect(x, y, cells.width, cells.height)
  }
  const top = cells.rows * cells.height
  context.fillStyle = `hsl(${(nowMs / 50) % 360} 40% 40%)`
  context.fillRect(0, top, picture.width, picture.height - top)
  for (let at = 0; at < 6; at++) {
    context.fillStyle = `hsl(${at * 60} 80% 60%)`
    context.fillRect((nowMs / (5 + at * 3)) % picture.width, top + 10 + at * 24, 60, 20)
  }
}
