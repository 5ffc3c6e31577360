// The channels that a person keeps: their keys and what was sent are in databases of this browser. A channel stays as private or as public
// as it began, so there is one of each.

/** Name of the database, as core's `storage` takes it. */
export function storageOf(isPrivate: boolean): string {
  return isPrivate ? 'hypervision-studio-private-channel' : 'hypervision-studio-channel'
}

/** Asks the browser to keep it when disk runs short; some ask the person in turn. */
export async function askToKeep(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false)
}

/** Deletes the keys and all that was sent. */
export async function forgetChannels(): Promise<void> {
  await Promise.all([forget(storageOf(false)), forget(storageOf(true))])
}

function forget(storage: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(storage)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
    request.onblocked = () =>
      reject(new Error('The channel is open in this browser. Go off air first, and close other tabs that were on air.'))
  })
}
