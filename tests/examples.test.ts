// The examples are what people copy: each runs as a process of its own, as its README says, over a DHT of this machine.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast, createViewer } from '@hypervision/core'
import { type BootstrapNode, bootstrapNode, dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openPage, startChromium } from './browser/chromium.ts'
import { clip, unknownLink } from './cli-process.ts'
import { decodingErrors } from './decoding-errors.ts'

const run = promisify(execFile)
const ffprobe = process.env.HYPERVISION_FFPROBE ?? 'ffprobe'
const examples = fileURLToPath(new URL('../examples/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hypervision-examples-'))
const running = new Set<ChildProcess>()
let network: BootstrapNode

beforeAll(async () => {
  network = await bootstrapNode({ port: 0 })
})
afterEach(async () => {
  await Promise.all(
    [...running].map((child) => {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      return closed
    }),
  )
})
afterAll(async () => {
  await network.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts `node PROGRAM ARGS` in the example's folder. */
function start(example: string, program: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { cwd: join(examples, example), stdio: 'pipe' })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => {
    output.stdout += text
  })
  child.stderr.on('data', (text) => {
    output.stderr += text
  })
  const firstLine = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code, ...output })
    })
  })
  return { child, ended, firstLine }
}

const onNetwork = () => ['--bootstrap', `${network.host}:${network.port}`]

describe.each([
  ['the clip', [clip]],
  ['the test pattern', []],
])('node-broadcast goes live with %s', (name, source) => {
  test('and node-record records three seconds of it that decode without a word', async () => {
    const broadcast = start('node-broadcast', 'broadcast.js', [...source, ...onNetwork()])
    const link = await Promise.race([broadcast.firstLine, broadcast.ended.then(({ stderr }) => stderr)])
    expect(link).toMatch(/^hypervision:\w{56}$/)

    const file = join(folder, `${name}.webm`)
    const record = start('node-record', 'record.js', [link, file, '--seconds', '3', ...onNetwork()])
    expect(await record.ended).toMatchObject({ code: 0, stderr: expect.stringContaining(`Wrote ${file}`) })
    expect(await decodingErrors(file)).toBe('')
    const { stdout } = await run(ffprobe, [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file],
    ])
    const times = stdout.trim().split('\n').map(Number.parseFloat)
    const seconds = Math.max(...times) - Math.min(...times)
    expect(Math.round(seconds)).toBe(3)

    broadcast.child.kill('SIGINT')
    expect(await broadcast.ended).toMatchObject({ code: 0, stdout: `${link}\n` })
  })
})

test('node-record ends with a whole file when the broadcast ends', async () => {
  const broadcast = start('node-broadcast', 'broadcast.js', [clip, ...onNetwork()])
  const link = await broadcast.firstLine
  const file = join(folder, 'ended.webm')
  const record = start('node-record', 'record.js', [link, file, '--from-start', ...onNetwork()])
  await new Promise<void>((resolve) => {
    record.child.stderr.on('data', (text) => String(text).includes('playing') && resolve())
  })
  broadcast.child.kill('SIGINT')
  expect(await record.ended).toMatchObject({ code: 0 })
  expect(await decodingErrors(file)).toBe('')
})

test('gateway brings a broadcaster of the DHT to those who have WebRTC only, bit for bit', async () => {
  const broadcast = start('node-broadcast', 'broadcast.js', [clip, ...onNetwork()])
  const link = await broadcast.firstLine
  const gateway = start('gateway', 'gateway.js', [link, ...onNetwork()])
  const url = await Promise.race([gateway.firstLine, gateway.ended.then(({ stderr }) => stderr)])
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/)

  const behind = await createViewer({ link, transports: [webrtc({ trackers: [url], iceServers: [] })] })
  const live: string[] = []
  for await (const { bytes } of behind.blocks) if (live.push(Buffer.from(bytes).toString('base64')) === 20) break
  expect(behind.stats().peersByTransport).toEqual({ webrtc: 1 })
  await behind.close()

  const beside = await createViewer({ link, transports: [dht({ bootstrap: [network] })], from: 'start' })
  const all: string[] = []
  for await (const { bytes } of beside.blocks) {
    all.push(Buffer.from(bytes).toString('base64'))
    if (all.at(-1) === live.at(-1)) break
  }
  await beside.close()
  expect(live[0]).toBe(all[0])
  expect(live.slice(1)).toEqual(all.slice(1 - live.length))

  broadcast.child.kill('SIGINT')
  gateway.child.kill('SIGINT')
  expect(await gateway.ended).toMatchObject({ code: 0, stdout: `${url}\n` })
})

test('embed is a page of somebody’s site that plays by a script tag, and in an iframe', async () => {
  const meeting = await tracker({ port: 0, host: '127.0.0.1' })
  const transports = [webrtc({ trackers: [meeting.url], iceServers: [] })]
  const broadcast = await createBroadcast({ capture: webmFile(clip, { loop: true }), transports })
  onTestFinished(async () => {
    await broadcast.close()
    await meeting.close()
  })
  const site = start('embed', 'serve.js', [broadcast.link, '--tracker', meeting.url])
  const url = await Promise.race([site.firstLine, site.ended.then(({ stderr }) => stderr)])
  const { page, errors } = await openPage(await startChromium(), url)
  await expect.poll(() => page.frames().length).toBe(2)
  for (const frame of page.frames()) {
    await frame.waitForFunction(`(() => {
      const viewer = document.querySelector('hypervision-viewer')
      return viewer?.state === 'playing' && viewer.currentTime > 0
    })()`)
  }
  expect(errors).toEqual([])
  site.child.kill('SIGINT')
  expect(await site.ended).toMatchObject({ code: 0, stdout: `${url}\n` })
})

describe('errors are a sentence and exit code 1', () => {
  test.each([
    ['node-broadcast', 'broadcast.js', ['no-such-file.webm'], 'there is no such file'],
    ['node-broadcast', 'broadcast.js', ['--colour'], 'Usage: node broadcast.js'],
    ['node-record', 'record.js', [], 'Usage: node record.js'],
    ['gateway', 'gateway.js', [], 'Usage: node gateway.js'],
    ['gateway', 'gateway.js', ['hypervision:abc'], 'is not a hypervision link'],
    ['gateway', 'gateway.js', [unknownLink, '--tracker', 'example.org'], 'is not the address of a tracker'],
    ['node-record', 'record.js', ['hypervision:abc', 'show.webm'], 'is not a hypervision link'],
    ['embed', 'serve.js', [unknownLink], 'Usage: node serve.js'],
  ])('%s %s %s', async (example, program, args, message) => {
    const isUsage = message.startsWith('Usage')
    const { code, stderr } = await start(example, program, isUsage ? args : [...args, ...onNetwork()]).ended
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })
})
