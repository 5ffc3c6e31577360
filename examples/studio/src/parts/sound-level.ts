// How loud it is, so that a person sees that the microphone works before anybody listens.
import { h } from '../app/dom.ts'

const refreshMs = 100
/** Quieter than this is silence, decibels of full scale. */
const floorDb = -60

/** A level of the sound of a stream, and how to follow another. */
export interface SoundLevel {
  readonly node: HTMLElement
  follow(stream: MediaStream | null): void
}

/** Makes one. */
export function soundLevel(): SoundLevel {
  const bar = h('span', { class: 'level-bar' })
  const node = h('span', { class: 'level', 'aria-hidden': 'true' }, bar)
  let followed: MediaStream | null = null
  let stop = (): void => {}
  return {
    node,
    follow(stream) {
      if (stream === followed) return
      followed = stream
      stop()
      bar.style.scale = '0 1'
      const isHeard = stream !== null && stream.getAudioTracks().length > 0
      node.hidden = !isHeard
      stop = isHeard ? listen(stream, (level) => (bar.style.scale = `${level.toFixed(2)} 1`)) : () => {}
    },
  }
}

/** Calls back with a level of 0 to 1; returns how to stop. */
function listen(stream: MediaStream, onlevel: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  void context.resume().catch(() => {})
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    onlevel(Math.min(1, Math.max(0, 1 - (10 * Math.log10(power)) / floorDb)))
  }, refreshMs)
  return () => {
    clearInterval(timer)
    void context.close().catch(() => {})
  }
}
