// A screen to share where there is none.

/**
 * To be run in a page: gives a blue picture in place of a screen. Chromium's own fake screen is as green as its fake camera, and
 * Firefox has none.
 */
export function blueScreen(): void {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 640, height: 360 })
    const context = canvas.getContext('2d')
    setInterval(() => {
      if (context === null) return
      context.fillStyle = '#00f'
      context.fillRect(0, 0, 640, 360)
      context.fillStyle = '#fff'
      context.fillRect((performance.now() / 10) % 600, 0, 8, 8)
    }, 40)
    return canvas.captureStream(25)
  }
}
