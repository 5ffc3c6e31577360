// Addresses of trackers, as a person types them.

/** Whether a text is the address of a tracker that a page can use. */
export function isTracker(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (protocol === 'ws:' || protocol === 'wss:') && hostname !== ''
}
