// The presets of capture-browser, as a person chooses from them.
import { type QualityName, qualities } from '@hypervision/capture-browser'
import { bitrateText } from '../app/figures.ts'

/** Names of the qualities, with what they ask of a connection. */
export const qualityChoices = Object.entries(qualities).map(([value, quality]) => {
  const { height, videoBitsPerSecond, audioBitsPerSecond } = quality
  return { value, label: `${height}p, ${bitrateText(videoBitsPerSecond + audioBitsPerSecond)}` }
})

/** Whether a text is the name of a quality. */
export function isQualityName(value: unknown): value is QualityName {
  return typeof value === 'string' && Object.hasOwn(qualities, value)
}
