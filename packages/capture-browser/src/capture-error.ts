// What a browser says when it does not give a camera, a microphone or a screen, in words that tell what to do.
import { HypervisionError } from '@hypervision/core/contracts'

const causes: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  NotAllowedError: ['was not allowed', 'Allow it in the address bar of the browser, or in the settings of the system'],
  NotFoundError: ['is not there', 'Connect one, or choose another one'],
  NotReadableError: ['cannot be used', 'Close the program that uses it'],
  OverconstrainedError: ['cannot do what was asked for', 'Ask for another size or another device'],
  AbortError: ['stopped working', 'Disconnect it and connect it again'],
  InvalidStateError: ['can be asked for only after a click', 'Ask for it when a button is pressed'],
}

/**
 * The error of a device.
 *
 * @param device as a person calls it: `The camera`
 */
export function deviceError(device: string, error: unknown): HypervisionError {
  if (error instanceof HypervisionError) return error
  const name = error instanceof Error ? error.name : ''
  const [problem, remedy] = causes[name] ?? ['cannot be used', 'See the cause']
  return new HypervisionError('ERR_CAPTURE_DEVICE', `${device} ${problem}. ${remedy}.`, {
    cause: error,
    detail: { device, reason: name },
  })
}
