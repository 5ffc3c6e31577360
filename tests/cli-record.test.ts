// `hypervision record` and `hypervision serve` as a person runs them, looked at with ffprobe, ffmpeg and Chromium.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { openPage, startChromium } from './browser/chromium.ts'
import { clip, runCli, startCli, startFullBroadcast } from './cli-process.ts'
import { useCliTestbed } from './cli-testbed.ts'
import { decodingErrors } from './decoding-errors.ts'

const run = promisify(execFile)
const { folder, onDht } = useCliTestbed('record')
const storage = join(folder, 'channel')

/** A channel that is over: the clip twice, in two sessions. */
beforeAll(async () => {
  for (const title of ['First', 'Second']) {
    const more = ['--storage', storage, '--title', title, ...onDht]
    const { code, stderr } = await runCli(['broadcast', '-', ...more], { input: readFileSync(clip) })
    expect(code, stderr).toBe(0)
  }
})

async function durationOf(input: string): Promise<number> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', input])
  return Number(stdout)
}

async function packetsOf(input: string): Promise<string> {
  const args = ['-v', 'error', '-i', input, '-map', '0', '-c', 'copy', '-f', 'streamhash', '-']
  return (await run('ffmpeg', args)).stdout
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('what a folder holds is recorded without a network, and served byte for byte the same', async () => {
  const out = join(folder, 'whole.webm')
  const { code, stderr } = await runCli(['record', '--storage', storage, '--out', out])
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/Recorded 0:\d\d, .*whole\.webm/)
  const seconds = await durationOf(out)
  expect(seconds).toBeGreaterThan(1.9 * (await durationOf(clip)))
  expect(await decodingErrors(out)).toBe('')

  const server = startCli(['serve', '--storage', storage, '--port', '0', '--json'])
  const { url, files } = await server.event('listening')
  const [file] = files as { url: string; bytes: number }[]
  const address = file?.url ?? ''
  expect(files).toHaveLength(1)
  const served = new Uint8Array(await (await fetch(address)).arrayBuffer())
  expect(served.byteLength).toBe(file?.bytes)
  expect(hashOf(served)).toBe(hashOf(readFileSync(out)))
  expect(await durationOf(address)).toBeCloseTo(seconds, 2)
  expect(await packetsOf(address)).toBe(await packetsOf(out))
  const middle = String(seconds / 2)
  const seek = ['-v', 'error', '-ss', middle, '-i', address, '-an', '-frames:v', '1', '-f', 'framemd5', '-']
  expect((await run('ffmpeg', seek)).stdout).toMatch(/^0, /m)

  const { page, errors } = await openPage(await startChromium(), String(url))
  const seen = await page.evaluate<number[]>(`(async () => {
    const video = document.querySelector('video')
    const next = (name) => new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
    })
    if (video.readyState < 1) await next('loadedmetadata')
    video.currentTime = video.duration / 2
    await next('seeked')
    const middle = video.currentTime
    video.muted = true
    await video.play()
    await next('timeupdate')
    return [video.duration, middle, video.videoWidth]
  })()`)
  expect(seen[0]).toBeCloseTo(seconds, 1)
  expect(seen[1]).toBeCloseTo(seconds / 2, 1)
  expect(seen[2]).toBe(640)
  expect(errors).toEqual([])
  server.child.kill('SIGINT')
  expect((await server.ended).code).toBe(0)
})

test('a file that is there is left alone without --force, and a disk that is full says so', async () => {
  const out = join(folder, 'kept.webm')
  writeFileSync(out, 'mine')
  const refused = await runCli(['record', '--storage', storage, '--out', out])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('--force')
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect((await runCli(['record', '--storage', storage, '--out', out, '--force'])).code).toBe(0)
  expect(await durationOf(out)).toBeGreaterThan(1)
  const full = await runCli(['record', '--storage', storage, '--out', '/dev/full', '--force'])
  expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('ERR_FEED_STORAGE_FULL')])
  const nowhere = await runCli(['record', '--storage', storage, '--out', join(folder, 'no/where.webm')])
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('folder does not exist')])
})

test('arguments that cannot be used are refused before anything is made', async () => {
  const out = join(folder, 'never.webm')
  const other = join(folder, 'other.webm')
  const wrong: [code: number, says: RegExp, args: string[]][] = [
    [2, /needs LINK/, ['record', '--out', out]],
    [2, /no network/, ['record', '--storage', storage, '--out', other, '--no-dht']],
    [2, /watch LINK --out -/, ['record', '--storage', storage, '--out', '-']],
    [1, /There is no folder/, ['serve', '--storage', join(folder, 'nothing')]],
  ]
  const ends = await Promise.all(wrong.map(([, , args]) => runCli(args)))
  for (const [at, { code, stderr }] of ends.entries()) {
    expect([code, stderr]).toEqual([wrong[at]?.[0], expect.stringMatching(wrong[at]?.[1] ?? /^$/)])
  }
  const span = ['--from', '2020-01-01T00:00Z', '--to', '2020-01-01T00:01Z']
  const past = await runCli(['record', '--storage', storage, '--out', out, ...span])
  expect([past.code, past.stderr]).toEqual([1, expect.stringContaining('ERR_RECORDING_EMPTY')])
  for (const name of [out, other, join(folder, 'nothing')]) expect(existsSync(name)).toBe(false)
})

test('a live channel is recorded over the network: Ctrl-C ends a whole file, and a kill leaves one that plays', async () => {
  const { link } = await startFullBroadcast(1, onDht).event('live')
  const begin = async (name: string) => {
    const out = join(folder, name)
    const recorder = startCli(['record', String(link), '--out', out, '--from', 'start', ...onDht, '--json'])
    await recorder.event('stats', ({ blocks }) => Number(blocks) > 30)
    return { out, recorder }
  }
  const [stopped, killed] = await Promise.all([begin('stopped.webm'), begin('killed.webm')])
  stopped.recorder.child.kill('SIGINT')
  killed.recorder.child.kill('SIGKILL')
  expect((await stopped.recorder.ended).code).toBe(0)
  await killed.recorder.ended
  expect(await durationOf(stopped.out)).toBeGreaterThan(2)
  expect(await decodingErrors(stopped.out)).toBe('')
  // What was killed has no duration, says what it is, and plays.
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format_tags:format=duration', killed.out])
  expect(stdout).toMatch(/encoder=hypervision \(recording, not finished\)/i)
  expect(stdout).toContain('duration=N/A')
  const { stdout: frames } = await run('ffmpeg', ['-v', 'error', '-i', killed.out, '-c', 'copy', '-f', 'framemd5', '-'])
  expect(frames.split('\n').length).toBeGreaterThan(60)
})
