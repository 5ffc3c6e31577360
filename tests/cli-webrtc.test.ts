// The command line over WebRTC: a tracker, and processes that meet by it; and a relay between the DHT and WebRTC.
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual as isEqual } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import {
  broadcastClip,
  type CliEvent,
  type CliProcess,
  clip,
  endAll,
  runCli,
  startCli,
  startDht,
  unknownLink,
} from './cli-process.ts'
import { decodingErrors } from './decoding-errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-cli-'))

afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a tracker; how to use it alone. */
async function startTracker(...args: string[]) {
  const tracker = startCli(['tracker', ...(args.includes('--port') ? [] : ['--port', '0']), ...args, '--json'])
  const { url } = await tracker.event('listening')
  return { tracker, url: String(url), network: ['--no-dht', '--tracker', String(url), '--ice', 'none'] }
}

/** Watches into a file until so much has come, and ends; what ffmpeg says of it. */
async function record(link: string, network: readonly string[], name: string): Promise<string> {
  const file = join(folder, `${name}.webm`)
  const watch = startCli(['watch', link, '--out', file, ...network, '--json'])
  await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 20)
  await interrupt(watch)
  return decodingErrors(file)
}

/** Ctrl-C, after which the process ends by itself, cleanly and without a word of trouble; what it has said. */
async function interrupt({ child, ended }: CliProcess): Promise<string> {
  child.kill('SIGINT')
  const end = await ended
  expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
  return end.stdout
}

describe('over WebRTC', () => {
  test('a show is recorded, and everybody ends cleanly', async () => {
    const { tracker, network } = await startTracker()
    const { broadcast, link } = await broadcastClip(network)
    const relay = startCli(['relay', link, ...network, '--json'])
    await relay.event('stats', ({ peersByTransport }) => isEqual(peersByTransport, { webrtc: 1 }))
    expect(await record(link, network, 'webrtc')).toBe('')
    const inspect = startCli(['inspect', link, '--seconds', '1', ...network, '--json'])
    expect(await inspect.event('inspection')).toMatchObject({ source: link, epochs: 1 })
    expect(await inspect.ended).toMatchObject({ code: 0, stderr: '' })
    const stats = await tracker.event('stats', ({ connections }) => connections === 2)
    // That of the channel, and that of the stripe which the relay passes on.
    expect(stats).toMatchObject({ topics: 2 })
    for (const each of [relay, broadcast, tracker]) await interrupt(each)
  })

  test('a relay with both is the gateway from the DHT', async () => {
    const onDht = ['--bootstrap', await startDht()]
    const { url, network } = await startTracker()
    const { broadcast, link } = await broadcastClip(onDht)
    const relay = startCli(['relay', link, ...onDht, '--tracker', url, '--ice', 'none', '--json'])
    expect(await record(link, network, 'gateway')).toBe('')
    // Whoever watched was connected with the relay alone.
    const said = await interrupt(broadcast)
    expect(said).not.toContain('"webrtc"')
    await interrupt(relay)
  })

  test('playback outlives the tracker, and newcomers come when it is back', async () => {
    const { tracker, url, network } = await startTracker()
    const { link } = await broadcastClip(network)
    const watch = startCli(['watch', link, '--out', join(folder, 'outlives.webm'), ...network, '--json'])
    await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 5)
    tracker.child.kill('SIGKILL')
    await tracker.ended
    expect(await watch.event('warning')).toMatchObject({
      code: 'ERR_TRANSPORT_FAILED',
      message: expect.stringContaining(`The tracker ${url} is gone`),
    })
    await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 40)
    await startTracker('--port', new URL(url).port)
    expect(await record(link, network, 'newcomer')).toBe('')
    await interrupt(watch)
  })
})

describe('a tracker that cannot be reached', () => {
  const nowhere = ['--tracker', 'ws://127.0.0.1:9', '--ice', 'none']

  test.each([
    ['broadcast', [clip, '--loop']],
    ['watch', [unknownLink, '--http', '0']],
    ['relay', [unknownLink]],
    ['inspect', [unknownLink]],
  ])('is a warning of %s, which goes on', async (command, args) => {
    const cli = startCli([command, ...args, '--no-dht', ...nowhere])
    const warning = await cli.line((line) => line.startsWith('Warning'))
    expect(warning).toMatch(
      /^Warning ERR_TRANSPORT_FAILED: The tracker ws:\/\/127\.0\.0\.1:9\/ is gone: .*ECONNREFUSED/,
    )
    await cli.line((line) => /^(live|searching|waiting|inspecting)\b/.test(line))
    cli.child.kill('SIGINT')
    expect(await cli.ended).toMatchObject({ code: 0, signal: null })
  })

  test('is told where nobody of the DHT answers either', async () => {
    const relay = startCli(['relay', unknownLink, '--bootstrap', '127.0.0.1:9', ...nowhere, '--json'])
    const isAbout = (name: string) => (event: CliEvent) => String(event.message).includes(name)
    expect(await relay.event('warning', isAbout('tracker'))).toMatchObject({ code: 'ERR_TRANSPORT_FAILED' })
    expect(await relay.event('warning', isAbout('DHT'))).toMatchObject({ code: 'ERR_TRANSPORT_FAILED' })
    await interrupt(relay)
  })

  test('does not keep those of the DHT from meeting', async () => {
    const onDht = ['--bootstrap', await startDht()]
    const { link } = await broadcastClip([...onDht, ...nowhere])
    expect(await record(link, onDht, 'without-tracker')).toBe('')
  })
})

describe('hypervision tracker', () => {
  test('prints its address first, and how many are there on stderr', async () => {
    const tracker = startCli(['tracker', '--port', '0'])
    const url = await tracker.line((line) => line.startsWith('ws://'))
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/)
    await tracker.line((line) => line === '0 connections · 0 channels')
    tracker.child.kill('SIGINT')
    expect(await tracker.ended).toMatchObject({ code: 0, signal: null, stdout: `${url}\n` })
  })

  test('takes pages of the named sites only', async () => {
    const { url } = await startTracker('--origin', 'https://example.org')
    expect(await statusOf(url, { origin: 'https://example.org' })).toBe(101)
    expect(await statusOf(url, { origin: 'https://example.com' })).toBe(403)
    expect(await statusOf(url, {})).toBe(101)
  })

  test('counts those behind a proxy by their own addresses when told to', async () => {
    const crowd = { origin: 'https://example.org', 'x-forwarded-for': '203.0.113.7' }
    const { url } = await startTracker('--trust-proxy')
    const open = await Promise.all(Array.from({ length: 256 }, () => connectTo(url, crowd)))
    expect(open.every(({ status }) => status === 101)).toBe(true)
    expect(await statusOf(url, crowd)).toBe(429)
    expect(await statusOf(url, { ...crowd, 'x-forwarded-for': '203.0.113.8' })).toBe(101)
    for (const { close } of open) close()
  })

  test('says what to do about a port that is taken', async () => {
    const { url } = await startTracker()
    const { code, stdout, stderr } = await runCli(['tracker', '--port', new URL(url).port])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/ERR_TRANSPORT_PORT: .*choose another port, or 0 for any/)
  })

  test.each([
    [['--origin', 'everybody'], 'is not the origin of a site'],
    [['--port', 'high'], '--port'],
  ])('refuses %j', async (args, message) => {
    expect(await runCli(['tracker', ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
  })
})

test.each([
  [['--no-dht'], '--tracker'],
  [['--no-dht', '--tracker', 'ws://127.0.0.1:1', '--bootstrap', '127.0.0.1:1'], '--bootstrap is for the DHT'],
  [['--ice', 'none'], '--ice is for WebRTC'],
  [['--ice', 'none', '--ice', 'stun:a:1', '--tracker', 'ws://127.0.0.1:1'], 'stands alone'],
  [['--ice', 'turn:host:3478', '--tracker', 'ws://127.0.0.1:1'], 'turn:USER:PASSWORD@HOST:PORT'],
  [['--tracker', 'http://example.org'], 'is not the address of a tracker'],
  [['--tracker', 'udp://example.org:1'], 'is not the address of a tracker'],
])('%j cannot be used, and is said to', async (args, message) => {
  expect(await runCli(['relay', unknownLink, ...args])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(message),
  })
})

/** Asks for a WebSocket; the status of the answer, 101 where there is one now. */
function connectTo(url: string, headers: Record<string, string>): Promise<{ status: number; close(): void }> {
  return new Promise((resolve, reject) => {
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const asked = request(url.replace('ws:', 'http:'), { headers: { ...handshake, ...headers }, agent: false })
    asked.on('upgrade', (_response, socket) => {
      socket.on('error', () => {})
      resolve({ status: 101, close: () => socket.destroy() })
    })
    asked.on('response', ({ statusCode = 0 }) => resolve({ status: statusCode, close: () => asked.destroy() }))
    asked.on('error', reject)
    asked.end()
  })
}

async function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  const { status, close } = await connectTo(url, headers)
  close()
  return status
}
