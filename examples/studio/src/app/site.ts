// What a site says of itself in `studio.json`, beside index.html: where peers meet, and what is on air.

/** A channel that the site points to. */
export interface SiteChannel {
  readonly title: string
  /** `hypervision:…` */
  readonly link: string
}

/** What is in `studio.json`. */
export interface Site {
  /** Addresses of trackers, used where a person has set no others. */
  readonly trackers: readonly string[]
  /** STUN and TURN servers; left out, public STUN servers. */
  readonly iceServers?: readonly RTCIceServer[]
  readonly onAir: { readonly heading: string; readonly channels: readonly SiteChannel[] }
}

const empty: Site = { trackers: [], onAir: { heading: 'On air', channels: [] } }

/** Reads it; a site without one, or with one that makes no sense, has no trackers and nothing on air. */
export async function loadSite(): Promise<Site> {
  try {
    const response = await fetch('./studio.json', { cache: 'no-cache' })
    return response.ok ? readSite(await response.json()) : empty
  } catch {
    return empty
  }
}

/** Takes what makes sense. */
export function readSite(value: unknown): Site {
  const { trackers, iceServers, onAir } = recordOf(value)
  const { heading, channels } = recordOf(onAir)
  return {
    trackers: listOf(trackers).filter((tracker) => typeof tracker === 'string'),
    ...(Array.isArray(iceServers) ? { iceServers: iceServers.flatMap(readIceServer) } : {}),
    onAir: {
      heading: typeof heading === 'string' ? heading : empty.onAir.heading,
      channels: listOf(channels).flatMap((channel) => {
        const { title, link } = recordOf(channel)
        return typeof title === 'string' && typeof link === 'string' ? [{ title, link }] : []
      }),
    },
  }
}

function readIceServer(value: unknown): RTCIceServer[] {
  const { urls, username, credential } = recordOf(value)
  const isText = typeof urls === 'string' || listOf(urls).length > 0
  if (!isText) return []
  return [
    {
      urls: typeof urls === 'string' ? urls : listOf(urls).map(String),
      ...(typeof username === 'string' ? { username } : {}),
      ...(typeof credential === 'string' ? { credential } : {}),
    },
  ]
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The addresses of ICE servers. */
export function addressesOf(servers: readonly RTCIceServer[]): string[] {
  return servers.flatMap(({ urls }) => urls)
}
