// The page of the bench: the same script with one sodium or another in it.
import { measureSpeeds, type Speeds } from './measure.ts'

declare global {
  /** Blocks per second in this page. */
  function measureInPage(blockBytes: number, ms: number): Promise<Speeds>
}

globalThis.measureInPage = measureSpeeds
