// The channel that a person keeps: its key and what was sent are in a database of this browser.

/** Name of the database, as core's `storage` takes it. */
export const channelStorage = 'hypervision-studio-channel'

/** Asks the browser to keep it when disk runs short; some ask the person in turn. */
export async function askToKeep(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false)
}

/** Deletes the key and all that was sent. */
export function forgetChannel(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(channelStorage)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('The channel is on air in this browser. Go off air there first.'))
  })
}
