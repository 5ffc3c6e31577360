// The command line end to end: processes of their own that meet through a DHT of this machine.
import { execFile } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { broadcastClip, type CliEvent, clip, eventOf, runCli, startCli } from './cli-process.ts'
import { useCliTestbed } from './cli-testbed.ts'
import { decodingErrors } from './decoding-errors.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const { folder, onDht } = useCliTestbed('cli')

/** Puts the clip on air on the DHT. */
const goLive = (...args: string[]) => broadcastClip([...onDht, ...args])

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout
    .split('\n')
    .map(Number)
    .filter((child) => child > 0)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('broadcast and watch', () => {
  test('record a show that decodes without a word, and end with each other', async () => {
    const poster = join(folder, 'poster.png')
    writeFileSync(poster, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))
    const said = [
      '--title',
      'A show',
      '--description',
      'Of nothing',
      '--poster',
      poster,
      '--starts-at',
      '2026-01-30T20:15Z',
    ]
    const { broadcast, link } = await goLive(...said)
    const file = join(folder, 'show.webm')
    const watch = startCli(['watch', link, '--out', file, '--from', 'start', ...onDht, '--json'])
    expect(await watch.event('live')).toMatchObject({
      link,
      title: 'A show',
      mimeType: 'video/webm; codecs="vp8,opus"',
    })
    expect(await watch.event('metadata')).toMatchObject({
      title: 'A show',
      description: 'Of nothing',
      startsAt: '2026-01-30T20:15:00.000Z',
      poster: { type: 'image/png', bytes: 9 },
    })
    await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 20)
    broadcast.child.kill('SIGINT')
    expect(await broadcast.ended).toMatchObject({ code: 0, signal: null })
    const end = await watch.ended
    expect(end).toMatchObject({ code: 0, signal: null })
    expect(eventOf(end.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ event: 'ended' })
    expect(await decodingErrors(file)).toBe('')
  })

  test('print the link as the first line on stdout, and nothing after it', async () => {
    const broadcast = startCli(['broadcast', clip, ...onDht])
    const link = await broadcast.line((line) => line.startsWith('hypervision:'))
    broadcast.child.kill('SIGTERM')
    const { code, stdout } = await broadcast.ended
    expect([code, stdout]).toEqual([0, `${link}\n`])
    expect(link).toMatch(/^hypervision:[a-z0-9]{56}$/)
  })

  test('speak JSON on every line, with the link first', async () => {
    const { broadcast } = await goLive()
    const stats = await broadcast.event('stats', ({ blocks }) => Number(blocks) > 0)
    expect(stats).toMatchObject({ state: 'live', peers: [] })
    broadcast.child.kill('SIGINT')
    const { stdout, stderr } = await broadcast.ended
    const events = stdout.trimEnd().split('\n').map(eventOf)
    expect(events).not.toContain(null)
    expect(events[0]).toMatchObject({ event: 'live' })
    expect(events.at(-1)).toMatchObject({ event: 'ended' })
    expect(stderr).toBe('')
  })

  test('pipe media to stdout and events to stderr, and end when nobody reads any more', async () => {
    const { link } = await goLive()
    const watch = startCli(['watch', link, '--out', '-', ...onDht, '--json'], { hasMediaOnStdout: true })
    const first = await new Promise<Buffer>((resolve) => watch.child.stdout.once('data', resolve))
    expect(first.subarray(0, 4)).toEqual(Buffer.from([0x1a, 0x45, 0xdf, 0xa3]))
    await watch.event('stats')
    watch.child.stdout.destroy()
    const { code, stderr } = await watch.ended
    expect(code).toBe(0)
    expect(stderr.trimEnd().split('\n').map(eventOf)).not.toContain(null)
  })

  test('write every block for a program that reads slowly, or as few as it asks for, and say what is left out', async () => {
    const broadcast = startCli(['broadcast', '-', ...onDht, '--json'])
    const bytes = readFileSync(clip)
    broadcast.child.stdin.write(bytes)
    const link = String((await broadcast.event('live')).link)
    const options = ['--out', '-', ...onDht, '--json']
    const [all, live] = [
      startCli(['watch', link, ...options], { hasMediaOnStdout: true }),
      startCli(['watch', link, ...options, '--max-lag', '5'], { hasMediaOnStdout: true }),
    ]
    const watchers = [all, live]
    await Promise.all(watchers.map((watch) => watch.event('live')))
    // Twelve seconds each, all at once: more than a pipe that nobody reads takes.
    for (let time = 0; time < 5; time++) broadcast.child.stdin.write(bytes)
    const received = ({ verifiedBlocks }: CliEvent): boolean => Number(verifiedBlocks) > 400
    await Promise.all(watchers.map((watch) => watch.event('stats', received)))
    for (const watch of watchers) watch.child.stdout.resume()
    expect(await live.event('skip')).toMatchObject({ reason: 'behind', blocks: expect.any(Number) })
    const { blocks } = await broadcast.event('stats', ({ epochs }) => epochs === 6)
    await all.event('stats', ({ position }) => Number(position) >= Number(blocks))
    all.child.kill('SIGINT')
    expect((await all.ended).stderr).not.toContain('"skip"')
  })

  test('leave no ffmpeg behind after Ctrl-C', async () => {
    const args = ['broadcast', '--test-pattern', '--size', '320x180', '--fps', '15', ...onDht]
    const broadcast = startCli(args)
    await broadcast.line((line) => line.startsWith('hypervision:'))
    const children = await childrenOf(broadcast.child.pid)
    expect(children).toHaveLength(1)
    broadcast.child.kill('SIGINT')
    expect(await broadcast.ended).toMatchObject({ code: 0, signal: null })
    expect(children.filter(isAlive)).toEqual([])
  })

  test('take WebM from stdin until it ends', async () => {
    const broadcast = startCli(['broadcast', '-', ...onDht, '--json'])
    const { stdout } = await run(ffmpeg, ['-v', 'error', '-i', clip, '-t', '1', '-c', 'copy', '-f', 'webm', '-'], {
      encoding: 'buffer',
    })
    broadcast.child.stdin.end(stdout)
    expect((await broadcast.ended).code).toBe(0)
    expect(await broadcast.event('ended')).toMatchObject({ blocks: expect.any(Number) })
  })

  test('go on with the same link where they are given the same storage', async () => {
    const storage = ['--storage', join(folder, 'channel')]
    const links: string[] = []
    for (let session = 0; session < 2; session++) {
      const { broadcast, link } = await goLive(...storage)
      links.push(link)
      broadcast.child.kill('SIGINT')
      await broadcast.ended
    }
    expect(links[1]).toBe(links[0])
  })
})

describe('others in the swarm', () => {
  test('inspect tells what a live channel holds', async () => {
    const { link } = await goLive()
    const { code, stdout } = await runCli(['inspect', link, '--seconds', '2', ...onDht, '--json'])
    expect(code).toBe(0)
    const report = stdout
      .split('\n')
      .map(eventOf)
      .find((event) => event?.event === 'inspection')
    expect(report).toMatchObject({
      source: link,
      epochs: 1,
      gapCount: 0,
      tracks: [{ codec: 'vp8' }, { codec: 'opus' }],
    })
    expect(Number(report?.blocks)).toBeGreaterThan(10)
  })

  test('a relay serves a viewer after the broadcaster has gone', async () => {
    const { broadcast, link } = await goLive()
    const relay = startCli(['relay', link, '--keep', 'all', ...onDht, '--json'])
    await relay.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 20)
    broadcast.child.kill('SIGINT')
    await broadcast.ended
    const file = join(folder, 'relayed.webm')
    const watch = await runCli(['watch', link, '--from', 'start', '--out', file, ...onDht])
    expect(watch.code).toBe(0)
    expect(await decodingErrors(file)).toBe('')
    relay.child.kill('SIGINT')
    expect((await relay.ended).code).toBe(0)
  })
})

describe('what cannot work in the network', () => {
  test('a channel that nobody has is given up after the time-out', async () => {
    const { broadcast, link } = await goLive()
    broadcast.child.kill('SIGKILL')
    await broadcast.ended
    const { code, stderr } = await runCli(['watch', link, '--out', join(folder, 'x.webm'), '--timeout', '1', ...onDht])
    expect(code).toBe(1)
    expect(stderr).toContain('ERR_FEED_NOT_FOUND')
  })

  test('storage that another process has open is not touched', async () => {
    const storage = ['--storage', join(folder, 'in-use')]
    await goLive(...storage)
    const { code, stdout, stderr } = await runCli(['broadcast', clip, ...storage, ...onDht])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('ERR_FEED_STORAGE_IN_USE')
  })

  test('a second broadcaster with the key of one that is on air is refused, and the first goes on', async () => {
    const [own, copy] = [join(folder, 'own'), join(folder, 'copy')]
    const before = await goLive('--storage', own)
    before.broadcast.child.kill('SIGINT')
    await before.broadcast.ended
    cpSync(own, copy, { recursive: true })
    const copied = await runCli(['broadcast', clip, '--storage', copy, ...onDht])
    expect([copied.code, copied.stdout]).toEqual([1, ''])
    expect(copied.stderr).toContain('ERR_FEED_STORAGE_COPIED')
    // Somebody who says all the same that the original is gone.
    rmSync(join(copy, 'CORESTORE'))
    const { broadcast, link } = await goLive('--storage', own)
    expect(link).toBe(before.link)
    const second = await runCli(['broadcast', clip, '--loop', '--storage', copy, ...onDht])
    expect([second.code, second.stdout]).toEqual([1, ''])
    expect(second.stderr).toContain('ERR_FEED_ON_AIR')
    const { blocks } = await broadcast.event('stats')
    await broadcast.event('stats', (stats) => Number(stats.blocks) > Number(blocks) + 5)
  })

  test('a port that is taken is said with what to do', async () => {
    const { link } = await goLive()
    const first = startCli(['watch', link, '--http', '0', ...onDht, '--json'])
    const { url } = await first.event('listening')
    const { code, stderr } = await runCli(['watch', link, '--http', new URL(String(url)).port, ...onDht])
    expect(code).toBe(1)
    expect(stderr).toMatch(/ERR_TRANSPORT_PORT: .*--http 0/)
  })
})
