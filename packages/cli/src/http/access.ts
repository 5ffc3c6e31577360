/** Who may read what the server of `watch` gives out: it shows a private link and what somebody watches. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'

/**
 * Whether a request names this server as a person would. A page elsewhere that points its own name at this address (DNS
 * rebinding) does not.
 *
 * @param host name that the server was told to listen on
 */
export function isHostAllowed(request: IncomingMessage, host: string): boolean {
  const name = hostName(`http://${request.headers.host ?? ''}`)
  return name !== null && (isLocalName(name) || isIP(unbracketed(name)) !== 0 || name === host.toLowerCase())
}

/** Lets pages of this machine read the answer, whatever port they come from, and nobody else's. */
export function allowLocalPages(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers
  response.setHeader('vary', 'origin')
  if (origin === undefined) return
  const name = hostName(origin)
  if (name === null || !isLocalName(name)) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-methods', 'GET, HEAD, OPTIONS')
  response.setHeader('access-control-allow-headers', 'range, cache-control')
}

function hostName(url: string): string | null {
  try {
    return new URL(url).hostname
  } catch {
    return null
  }
}

function isLocalName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d+){3}$/.test(name)
}

function unbracketed(name: string): string {
  return name.replace(/^\[|\]$/g, '')
}
