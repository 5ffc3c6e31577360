// Which cameras and microphones there are.

/** A camera or a microphone. */
export interface Device {
  readonly kind: 'camera' | 'microphone'
  readonly deviceId: string
  /** As the system calls it; "Camera 1" before the person has allowed to use any. */
  readonly label: string
}

/** Lists them. Browsers tell names only once a camera or a microphone was allowed. */
export async function devices(): Promise<Device[]> {
  const found = await navigator.mediaDevices.enumerateDevices()
  const counts = { camera: 0, microphone: 0 }
  return found.flatMap(({ kind, deviceId, label }) => {
    if (kind === 'audiooutput') return []
    const ours = kind === 'videoinput' ? 'camera' : 'microphone'
    counts[ours]++
    return [{ kind: ours, deviceId, label: label || `${ours === 'camera' ? 'Camera' : 'Microphone'} ${counts[ours]}` }]
  })
}

/** Calls back when a device comes or goes; returns how to stop. */
export function watchDevices(onchange: () => void): () => void {
  navigator.mediaDevices.addEventListener('devicechange', onchange)
  return () => navigator.mediaDevices.removeEventListener('devicechange', onchange)
}
