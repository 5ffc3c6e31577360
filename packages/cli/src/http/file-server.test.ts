// The server of `serve` over real HTTP, on a file whose bytes are known.
import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import type { RecordedFile } from '@hypervision/core'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readRange } from './byte-range.ts'
import { type FileServer, startFileServer } from './file-server.ts'

const content = Uint8Array.from({ length: 5000 }, (_value, at) => (at * 7) % 251)
let reads = 0
let open = 0
/** How many pieces a read gives, the last of them for ever. */
let isEndless = false
let readError: Error | null = null

const file: RecordedFile = {
  number: 1,
  mimeType: 'video/webm; codecs="vp8,opus"',
  tracks: [{ number: 1, kind: 'video', codec: 'vp8', codecString: 'vp8', width: 640, height: 360 }],
  title: '<script>alert("a")</script>',
  time: new Date('2026-01-31T20:15:00Z'),
  byteLength: content.byteLength,
  durationSeconds: 61.5,
  tag: '1-00ff-1-60-5000',
  async *read(start, end) {
    reads++
    open++
    try {
      if (readError !== null) throw readError
      while (isEndless) yield new Uint8Array(256 * 1024)
      for (let at = start; at < end; at += 700) yield content.subarray(at, Math.min(end, at + 700))
    } finally {
      open--
    }
  },
}
const failures: unknown[] = []
let server: FileServer
let video: URL

beforeAll(async () => {
  server = await startFileServer({
    host: '127.0.0.1',
    port: 0,
    isPortWish: false,
    files: [file, { ...file, number: 2, tag: '1-00ff-61-90-5000' }],
    title: 'A <b>show</b>',
    link: 'hypervision:abc',
    onfailure: (error) => failures.push(error),
  })
  video = new URL('video.webm', server.url)
})
afterEach(() => {
  isEndless = false
  readError = null
})
afterAll(() => server.close())

async function get(headers: Record<string, string>, method = 'GET') {
  const response = await fetch(video, { headers, method })
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

/** A request as it is written, for what fetch would put right. */
function raw(path: string, headers: IncomingHttpHeaders, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    request({ hostname, port, path, headers, method }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('ranges', () => {
  test.each([
    [undefined, null],
    ['bytes=0-', { start: 0, end: 5000 }],
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=100-199', { start: 100, end: 200 }],
    ['Bytes= 4990-9999 ', { start: 4990, end: 5000 }],
    ['bytes=-10', { start: 4990, end: 5000 }],
    ['bytes=-9999', { start: 0, end: 5000 }],
    [`bytes=1-${'9'.repeat(400)}`, { start: 1, end: 5000 }],
    ['bytes=5000-', 'unsatisfiable'],
    [`bytes=${'9'.repeat(400)}-`, 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    // What cannot be read, and several ranges, are answered with all of it.
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['bytes=a-b', null],
    ['bytes=1e3-', null],
    ['items=0-1', null],
    ['', null],
  ])('%s is read as RFC 9110 says', (header, range) => {
    expect(readRange(header, 5000)).toEqual(range)
  })

  test('of any header are none, unsatisfiable, or within the file', () => {
    const digits = fc.stringMatching(/^[0-9]{0,20}$/)
    const almost = fc.tuple(digits, digits).map(([first, last]) => `bytes=${first}-${last}`)
    const header = fc.oneof(
      almost,
      fc.string(),
      fc.string().map((text) => `bytes=${text}`),
    )
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 2 ** 40 }), (text, length) => {
        const range = readRange(text, length)
        if (range === null || range === 'unsatisfiable') return true
        return range.start >= 0 && range.start < range.end && range.end <= length && Number.isInteger(range.end)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('the server of serve', () => {
  test('gives a whole file, with its length, and no more than its head to HEAD', async () => {
    const whole = await get({})
    expect(whole.status).toBe(200)
    expect(whole.headers).toMatchObject({
      'content-type': 'video/webm',
      'content-length': '5000',
      'accept-ranges': 'bytes',
      etag: '"1-00ff-1-60-5000"',
    })
    expect(Buffer.from(whole.body).equals(content)).toBe(true)
    const before = reads
    const head = await get({}, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body.byteLength]).toEqual([200, '5000', 0])
    expect(reads).toBe(before)
  })

  test('gives the range that is asked for', async () => {
    for (const [start, end] of [
      [0, 1],
      [699, 701],
      [1400, 5000],
      [4999, 5000],
    ] as const) {
      const part = await get({ range: `bytes=${start}-${end - 1}` })
      expect(part.status).toBe(206)
      expect(part.headers['content-range']).toBe(`bytes ${start}-${end - 1}/5000`)
      expect(Buffer.from(part.body).equals(content.subarray(start, end))).toBe(true)
    }
    const head = await get({ range: 'bytes=10-19' }, 'HEAD')
    expect([head.status, head.headers['content-length']]).toEqual([206, '10'])
    const beyond = await get({ range: 'bytes=5000-' })
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */5000'])
  })

  test('gives a range of the file that the client knows only, and nothing of one that it has', async () => {
    const etag = '"1-00ff-1-60-5000"'
    const range = 'bytes=0-9'
    expect((await get({ range, 'if-range': etag })).status).toBe(206)
    for (const other of ['"other"', `W/${etag}`, 'Sat, 31 Jan 2026 20:15:00 GMT']) {
      const whole = await get({ range, 'if-range': other })
      expect([whole.status, whole.body.byteLength]).toEqual([200, 5000])
    }
    for (const known of [etag, `W/${etag}`, `"a", ${etag}`, '*']) {
      const same = await get({ 'if-none-match': known })
      expect([same.status, same.body.byteLength]).toEqual([304, 0])
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('answers any Range header with what RFC 9110 allows', async () => {
    const digits = fc.stringMatching(/^[0-9]{0,5}$/)
    const almost = fc.tuple(digits, digits).map(([first, last]) => `bytes=${first}-${last}`)
    const text = fc.stringMatching(/^[ -~]{0,30}$/)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          almost,
          text,
          text.map((value) => `bytes=${value}`),
        ),
        async (range) => {
          const { status, headers, body } = await get({ range })
          if (status === 416) return headers['content-range'] === 'bytes */5000'
          const [, start = '0', end = '4999'] = /^bytes (\d+)-(\d+)\/5000$/.exec(headers['content-range'] ?? '') ?? []
          const wanted = content.subarray(Number(start), Number(end) + 1)
          return status === (headers['content-range'] === undefined ? 200 : 206) && Buffer.from(body).equals(wanted)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('reads no more for a client that has gone or takes nothing', async () => {
    isEndless = true
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET /video.webm HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
    await once(socket, 'data')
    socket.pause()
    expect(open).toBe(1)
    socket.destroy()
    await expect.poll(() => open).toBe(0)
    await expect.poll(() => server.stats().responses).toBe(0)
  })

  test('breaks a response off that it cannot go on with, and tells why', async () => {
    readError = new Error('the storage is gone')
    await expect(get({})).rejects.toThrow()
    expect(failures.at(-1)).toBe(readError)
  })

  test('has a page on which titles are text, and a list for programs', async () => {
    const response = await fetch(server.url)
    const page = await response.text()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(page).toContain('<h1>A &lt;b&gt;show&lt;/b&gt;</h1>')
    expect(page).not.toContain('<script')
    expect(page).toContain('src="/video-2.webm"')
    const list = await (await fetch(new URL('files.json', server.url))).json()
    expect(list).toMatchObject({
      link: 'hypervision:abc',
      files: [
        { path: '/video.webm', bytes: 5000, seconds: 61.5, time: '2026-01-31T20:15:00.000Z' },
        { path: '/video-2.webm' },
      ],
    })
  })

  test.each([
    ['/video.webm/', {}, 'GET', 404],
    ['/../package.json', {}, 'GET', 404],
    ['/%2e%2e/package.json', {}, 'GET', 404],
    ['//video.webm', {}, 'GET', 404],
    ['/constructor', {}, 'GET', 404],
    ['*', {}, 'GET', 404],
    ['http://example.org/video.webm', {}, 'GET', 404],
    ['/video.webm?t=1', {}, 'GET', 200],
    ['/video.webm', { host: 'evil.example' }, 'GET', 421],
    ['/video.webm', { host: 'localhost.evil.example' }, 'GET', 421],
    ['/video.webm', {}, 'POST', 405],
    ['/video.webm', {}, 'DELETE', 405],
    ['/video.webm', {}, 'OPTIONS', 204],
  ])('answers %s %j %s with %i', async (path, headers, method, status) => {
    expect(await raw(path, headers, method)).toBe(status)
  })
})
