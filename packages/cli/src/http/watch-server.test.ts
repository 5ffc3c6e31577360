import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { LiveHub } from './live-hub.ts'
import { startWatchServer, type WatchServer } from './watch-server.ts'

const servers: WatchServer[] = []

async function start(hub = new LiveHub(), port = 0, isPortWish = false): Promise<WatchServer> {
  const server = await startWatchServer({
    host: '127.0.0.1',
    port,
    isPortWish,
    hub,
    status: () => ({ state: 'searching' }),
  })
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

/** A status code for a request with a Host that fetch would not let us send. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the server of watch', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page.css', 'text/css; charset=utf-8'],
    ['/page.js', 'text/javascript; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
    ['/stats.json', 'application/json; charset=utf-8'],
  ])('serves %s', async (path, type) => {
    const { url } = await start()
    const response = await fetch(new URL(path, url))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    expect((await response.text()).length).toBeGreaterThan(10)
    const head = await fetch(new URL(path, url), { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, type, ''])
  })

  test('streams to the end of the broadcast, whatever range is asked for', async () => {
    const hub = new LiveHub()
    hub.push({ kind: 'init', index: 0, bytes: new Uint8Array([1]), tracks: [], mimeType: '', title: null })
    const cluster = { kind: 'cluster', timestampMs: 0, time: new Date(0), discontinuity: false } as const
    hub.push({ ...cluster, index: 1, bytes: new Uint8Array([2]), key: true })
    const { url } = await start(hub)
    const response = await fetch(new URL('live.webm?from=1', url), { headers: { range: 'bytes=0-' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'video/webm'])
    hub.push({ ...cluster, index: 2, bytes: new Uint8Array([3]), key: false })
    hub.end()
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 3])
    const head = await fetch(new URL('live.webm', url), { method: 'HEAD' })
    expect([head.status, head.headers.get('accept-ranges')]).toEqual([200, 'none'])
  })

  test('forgets a player that goes away', async () => {
    const hub = new LiveHub()
    const { url } = await start(hub)
    const going = new AbortController()
    await fetch(new URL('live.webm', url), { signal: going.signal })
    expect(hub.clients).toBe(1)
    going.abort()
    await expect.poll(() => hub.clients).toBe(0)
  })

  test('tells the page its status at once and then as it changes', async () => {
    const server = await start()
    const response = await fetch(new URL('events', server.url))
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const event = 'data: {"state":"searching"}\n\n'
    expect((await reader?.read())?.value).toBe(`retry: 1000\n${event}`)
    server.notify()
    expect((await reader?.read())?.value).toBe(event)
    const closing = server.close()
    server.notify()
    await closing
    expect((await reader?.read())?.done).toBe(true)
  })

  test('lets pages of this machine read it, and no others', async () => {
    const { url } = await start()
    const allowedFor = async (origin: string) => {
      const response = await fetch(new URL('stats.json', url), { headers: { origin } })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await allowedFor('http://localhost:5173')).toBe('http://localhost:5173')
    expect(await allowedFor('https://example.org')).toBeNull()
    expect(await allowedFor('null')).toBeNull()
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'http://127.0.0.1:1' } })
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, HEAD, OPTIONS',
    ])
  })

  test('does not answer to the name of another site', async () => {
    const { url } = await start()
    expect(await statusFor(url, 'evil.example')).toBe(421)
    expect(await statusFor(url, 'localhost:1')).toBe(200)
    expect(await statusFor(url, '192.168.1.20')).toBe(200)
  })

  test('takes no body, however long it is', async () => {
    const { url } = await start()
    const closed = new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.on('error', () => {}).on('close', () => resolve())
      socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n')
      const more = () => socket.writable && socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`, more)
      more()
    })
    await closed
  })

  test.each(['GARBAGE\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', `GET /${'x'.repeat(99_999)} HTTP/1.1\r\n\r\n`])(
    'refuses what is no request: %#',
    async (text) => {
      const { url } = await start()
      const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
      socket.write(text)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(answer.toString()).toMatch(/^HTTP\/1.1 4\d\d /)
      expect((await fetch(url)).status).toBe(200)
      socket.destroy()
    },
  )

  test('names an address for itself, and others for other machines, where it listens everywhere', async () => {
    const server = await startWatchServer({
      host: '0.0.0.0',
      port: 0,
      isPortWish: false,
      hub: new LiveHub(),
      status: () => null,
    })
    servers.push(server)
    expect(new URL(server.url).hostname).toBe('127.0.0.1')
    for (const url of [server.url, ...server.otherUrls]) expect((await fetch(url)).status).toBe(200)
  })

  test('says what there is where there is nothing, and that it takes nothing', async () => {
    const { url } = await start()
    const missing = await fetch(new URL('nothing', url))
    expect([missing.status, await missing.text()]).toEqual([404, 'There is /, /live.webm and /stats.json.\n'])
    const posted = await fetch(url, { method: 'POST', body: 'x' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('says that a port is taken and what to do, or takes another where that was only a wish', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    await expect(start(new LiveHub(), port)).rejects.toMatchObject({
      code: 'ERR_TRANSPORT_PORT',
      message: expect.stringContaining('--http 0'),
    })
    const { url } = await start(new LiveHub(), port, true)
    expect(Number(new URL(url).port)).not.toBe(port)
    await new Promise((resolve) => other.close(resolve))
  })
})
