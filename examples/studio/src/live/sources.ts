// What goes on air, by what a person has chosen: a camera or the screen, each with its sound.
import { cameraSource, type LiveSource, type Quality, screenSource } from '@hypervision/capture-browser'
import type { Preferences } from '../app/preferences.ts'

/** What a broadcast shows. */
export type SourceKind = 'camera' | 'screen'

/**
 * The source of a kind.
 *
 * @param hasMicrophone whether a microphone is on air already, which goes on then
 */
export function sourceOf(kind: SourceKind, preferences: Preferences, hasMicrophone: boolean): LiveSource {
  const microphone = choiceOf(preferences.microphone)
  if (kind === 'camera')
    return cameraSource({ ...fieldOf('camera', choiceOf(preferences.camera)), ...fieldOf('microphone', microphone) })
  if (preferences.screenSound === 'screen') return screenSource({ sound: true })
  if (hasMicrophone || microphone === false) return screenSource({ sound: false })
  return withMicrophone(screenSource({ sound: false }), microphone)
}

/** A stream that is there already, as a source: a preview goes on air as it is. */
export function sameStream(name: SourceKind, stream: MediaStream): LiveSource {
  return { name, isOwned: true, acquire: async () => stream }
}

/** Changes the size and pace of a picture that is there already; what the device cannot do stays as it is. */
export async function resize(stream: MediaStream, { width, height, frameRate }: Quality): Promise<void> {
  const wanted = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } }
  for (const track of stream.getVideoTracks()) await track.applyConstraints(wanted).catch(() => {})
}

function withMicrophone(picture: LiveSource, microphone: string | undefined): LiveSource {
  return {
    name: picture.name,
    isOwned: true,
    async acquire(quality) {
      // The screen first: browsers give it only right after a click.
      const shown = await picture.acquire(quality)
      try {
        const heard = await cameraSource({ camera: false, ...fieldOf('microphone', microphone) }).acquire(quality)
        return new MediaStream([...shown.getVideoTracks(), ...heard.getAudioTracks()])
      } catch (error) {
        for (const track of shown.getTracks()) track.stop()
        throw error
      }
    },
  }
}

/** As capture-browser takes it: undefined for any. */
function choiceOf(preference: string): string | false | undefined {
  return preference === 'any' ? undefined : preference === 'none' ? false : preference
}

function fieldOf<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>
}
