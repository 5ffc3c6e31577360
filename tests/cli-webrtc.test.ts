// The command line over WebRTC: a tracker, and processes that meet by it; and a relay between the DHT and WebRTC.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { clip, endAll, runCli, startCli, startDht } from './cli-process.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const folder = mkdtempSync(join(tmpdir(), 'hypervision-cli-'))

afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a tracker; how to use it alone. */
async function startTracker(port = '0') {
  const process = startCli(['tracker', '--port', port, '--json'])
  const { url } = await process.event('listening')
  return { process, url: String(url), network: ['--no-dht', '--tracker', String(url), '--ice', 'none'] }
}

async function goLive(network: readonly string[]) {
  const broadcast = startCli(['broadcast', clip, '--loop', ...network, '--json'])
  const { link } = await broadcast.event('live')
  return { broadcast, link: String(link) }
}

/** Watches into a file until so much has come, and ends; what ffmpeg says of it. */
async function record(link: string, network: readonly string[], name: string): Promise<string> {
  const file = join(folder, `${name}.webm`)
  const watch = startCli(['watch', link, '--out', file, ...network, '--json'])
  await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 20)
  watch.child.kill('SIGINT')
  expect(await watch.ended).toMatchObject({ code: 0, signal: null })
  const { stderr } = await run(ffmpeg, ['-v', 'error', '-i', file, '-f', 'null', '-'])
  return stderr
}

describe('over WebRTC', () => {
  test('a show is recorded, and everybody ends cleanly', async () => {
    const { process, network } = await startTracker()
    const { broadcast, link } = await goLive(network)
    expect(await record(link, network, 'webrtc')).toBe('')
    broadcast.child.kill('SIGINT')
    expect(await broadcast.ended).toMatchObject({ code: 0, signal: null })
    process.child.kill('SIGINT')
    expect(await process.ended).toMatchObject({ code: 0, signal: null })
  })

  test('a relay with both is the gateway from the DHT', async () => {
    const onDht = ['--bootstrap', await startDht()]
    const { url, network } = await startTracker()
    const { link } = await goLive(onDht)
    startCli(['relay', link, ...onDht, '--tracker', url, '--ice', 'none', '--json'])
    expect(await record(link, network, 'gateway')).toBe('')
  })

  test('playback outlives the tracker, and newcomers come when it is back', async () => {
    const { process, url, network } = await startTracker()
    const { link } = await goLive(network)
    const watch = startCli(['watch', link, '--out', join(folder, 'outlives.webm'), ...network, '--json'])
    await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 5)
    process.child.kill('SIGKILL')
    await process.ended
    await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 40)
    await startTracker(new URL(url).port)
    expect(await record(link, network, 'newcomer')).toBe('')
  })

  test('what cannot be used is said', async () => {
    const link = `hypervision:${'y'.repeat(56)}`
    expect(await runCli(['watch', link, '--out', 'x', '--no-dht'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--tracker'),
    })
    expect(await runCli(['broadcast', clip, '--tracker', 'http://example.org'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not the address of a tracker'),
    })
    const { url } = await startTracker()
    expect(await runCli(['tracker', '--port', new URL(url).port])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ERR_TRANSPORT_PORT/),
    })
  })
})
