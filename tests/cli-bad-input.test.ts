// What cannot work: every end has an exit code, a code that a program can read and a message that says what to do.
import { execFileSync } from 'node:child_process'
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type CliProcess,
  clip,
  endAll,
  eventOf,
  runCli,
  startCli,
  startDht,
  startFullBroadcast,
} from './cli-process.ts'
import { useCliTestbed } from './cli-testbed.ts'

const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const { folder, onDht } = useCliTestbed('cli-bad')
const isRoot = process.getuid?.() === 0
/** A link that is spelt right and that nobody has. */
const unknownLink = 'hypervision:yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhd3u4yu'
const silentDht = ['--bootstrap', '127.0.0.1:1']

/** Puts the clip on air, over and over; resolves to its link. */
async function goLive(...args: string[]): Promise<string> {
  const { link } = await startCli(['broadcast', clip, '--loop', ...args, '--json']).event('live')
  return String(link)
}

/** How a command that cannot work ends. */
async function failure(command: CliProcess): Promise<{ code: number | null; error: unknown; message: string }> {
  const { code, stdout, stderr } = await command.ended
  const error = [...stdout.split('\n'), ...stderr.split('\n')].map(eventOf).find((event) => event?.event === 'error')
  return { code, error: error?.code, message: String(error?.message) }
}

describe('input that is no WebM', () => {
  const commands = [
    ['cut', '-', '--out', '-'],
    ['inspect', '-'],
    ['broadcast', '-', ...silentDht],
  ]

  test.each(commands)('endless zeros are recognised at their beginning: %s', async (...args) => {
    const command = startCli([...args, '--json'])
    const zeros = createReadStream('/dev/zero')
    zeros.pipe(command.child.stdin).on('error', () => zeros.destroy())
    const { code, error, message } = await failure(command)
    zeros.destroy()
    expect([code, error]).toEqual([1, 'ERR_WEBM_NOT_WEBM'])
    expect(message).toContain('zeros')
  })

  test.each(commands)('MP4 is named, with the command that turns it into WebM: %s', async (...args) => {
    const command = startCli([...args, '--json'])
    const from = ['-f', 'lavfi', '-i', 'testsrc=duration=1:size=64x64', '-pix_fmt', 'yuv420p']
    const to = ['-f', 'mp4', '-movflags', 'empty_moov', '-']
    command.child.stdin.end(execFileSync(ffmpeg, ['-v', 'error', ...from, ...to]))
    const { code, error, message } = await failure(command)
    expect([code, error]).toEqual([1, 'ERR_WEBM_NOT_WEBM'])
    expect(message).toMatch(/MP4.*`ffmpeg -i /)
  })
})

describe('storage', () => {
  test('of a channel that was watched is not broadcast from, and that of another channel is not watched into', async () => {
    const link = await goLive(...onDht)
    const storage = ['--storage', join(folder, 'watched')]
    const watch = startCli(['watch', link, '--out', join(folder, 'w.webm'), ...storage, ...onDht, '--json'])
    await watch.event('live')
    watch.child.kill('SIGINT')
    expect((await watch.ended).code).toBe(0)

    const broadcast = await failure(startCli(['broadcast', clip, ...storage, ...onDht, '--json']))
    expect(broadcast).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE_KEY' })
    expect(broadcast.message).toContain('Choose another one to broadcast from')
    for (const command of ['watch', 'relay']) {
      const other = await failure(startCli([command, unknownLink, ...storage, ...onDht, '--json']))
      expect(other).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE_KEY' })
      expect(other.message).toContain('Choose another one')
    }
  })

  test('that is a file', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, 'text')
    const found = await failure(startCli(['broadcast', clip, '--storage', file, ...silentDht, '--json']))
    expect(found).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE' })
    expect(found.message).toMatch(/is not a folder.*Choose another place/)
    expect(readFileSync(file, 'utf8')).toBe('text')
  })

  test('that may not be written', async () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked, { mode: 0o555 })
    // Root may write everywhere: there the command runs as somebody else.
    const user = isRoot ? { uid: 65534, gid: 65534 } : {}
    const args = ['broadcast', clip, '--storage', join(locked, 'channel'), ...silentDht, '--json']
    const found = await failure(startCli(args, user))
    expect(found).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE' })
    expect(found.message).toMatch(/cannot be written.*permission.*choose another folder/)
  })
})

// A small disk of its own: only root can mount one.
describe.runIf(isRoot && process.platform === 'linux')('a full disk', () => {
  function smallDisk(size: string): string {
    const disk = mkdtempSync(join(folder, 'disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk])
    onTestFinished(async () => {
      await endAll()
      execFileSync('umount', [disk])
    })
    return disk
  }

  test('ends a recording with what to do, and what was recorded plays', async () => {
    const out = join(smallDisk('256k'), 'show.webm')
    const { link } = await startFullBroadcast(1, onDht).event('live')
    const watch = await failure(startCli(['watch', String(link), '--out', out, '--from', 'start', ...onDht, '--json']))
    expect(watch).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE_FULL' })
    expect(watch.message).toMatch(/disk is full\. Free some space.*kept, and plays/)
    expect(statSync(out).size).toBeGreaterThan(50_000)
    expect(
      execFileSync(ffmpeg, ['-v', 'error', '-i', out, '-f', 'null', '-', '-xerror'], { stdio: 'pipe' }).length,
    ).toBe(0)
  })

  test('ends a broadcast with what to do, and with more space it goes on under the same link', async () => {
    const disk = smallDisk('1m')
    const storage = ['--storage', join(disk, 'channel')]
    const first = startFullBroadcast(10, [...storage, ...onDht])
    const { link } = await first.event('live')
    expect(await failure(first)).toMatchObject({
      code: 1,
      error: 'ERR_FEED_STORAGE_FULL',
      message: expect.stringMatching(/on a full disk\. Free some space and start again with the same folder/),
    })
    execFileSync('mount', ['-o', 'remount,size=200m', disk])
    const again = startCli(['broadcast', clip, '--loop', ...storage, ...onDht, '--json'])
    expect((await again.event('live')).link).toBe(link)
    await again.event('stats', ({ blocks }) => Number(blocks) > 20)
    again.child.kill('SIGINT')
    expect((await again.ended).code).toBe(0)
  })

  test('ends a viewer and a relay that store the channel with what to do', async () => {
    const { link } = await startFullBroadcast(3, onDht).event('live')
    const commands = [
      ['watch', String(link), '--out', '/dev/null', '--from', 'start'],
      ['relay', String(link), '--keep', 'all'],
    ]
    const ends = commands.map((words) =>
      failure(startCli([...words, '--storage', join(smallDisk('512k'), 'channel'), ...onDht, '--json'])),
    )
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE_FULL' })
  })

  test('that is read-only is said by every command that stores', async () => {
    const storage = ['--storage', join(smallDisk('1m,ro'), 'channel'), ...silentDht, '--json']
    const commands = [
      ['broadcast', clip],
      ['watch', unknownLink, '--out', '/dev/null'],
      ['relay', unknownLink],
    ]
    for (const end of await Promise.all(commands.map((words) => failure(startCli([...words, ...storage]))))) {
      expect(end).toMatchObject({ code: 1, error: 'ERR_FEED_STORAGE' })
      expect(end.message).toMatch(/cannot be written.*its disk, or choose another folder/)
    }
  })
})

describe('the network', () => {
  test('a port for the DHT that is taken', async () => {
    const taken = (await startDht()).split(':')[1] ?? ''
    const { code, stdout, stderr } = await runCli(['bootstrap', '--port', taken])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`ERR_TRANSPORT_PORT: UDP port ${taken} .*choose another port, or 0 for any`))
  })

  test('a DHT that does not answer is said, and every command goes on trying', async () => {
    const commands = [
      ['watch', unknownLink, '--out', '/dev/null'],
      ['relay', unknownLink],
      ['broadcast', clip, '--loop'],
    ]
    // All at once, since each waits for seconds before it is sure.
    const ends = commands.map(async ([command = '', ...args]) => {
      const cli = startCli([command, ...args, ...silentDht, '--json'])
      const { code, message } = await cli.event('warning')
      await cli.event('stats')
      cli.child.kill('SIGINT')
      return { command, code, message, end: await cli.ended }
    })
    for (const [at, end] of (await Promise.all(ends)).entries()) {
      expect(end).toMatchObject({
        command: commands[at]?.[0],
        code: 'ERR_TRANSPORT_FAILED',
        message: expect.stringMatching(/127\.0\.0\.1:1 does not answer\. Check the address/),
        end: { code: 0, signal: null },
      })
    }
  })

  test('a channel that nobody has is waited for aloud, and given up after the time-out', async () => {
    const out = join(folder, 'never.webm')
    const json = startCli(['watch', unknownLink, '--out', out, '--timeout', '1', ...onDht, '--json'])
    const { code, stdout } = await json.ended
    const events = stdout.trimEnd().split('\n').map(eventOf)
    expect(code).toBe(1)
    expect(events[0]).toEqual({ event: 'waiting', state: 'searching' })
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'ERR_FEED_NOT_FOUND' })
    expect(() => statSync(out)).toThrow('ENOENT')
    const { stderr } = await runCli(['watch', unknownLink, '--out', out, '--timeout', '1', ...onDht])
    expect(stderr).toMatch(/^Waiting for the broadcaster …\n/)
    expect(stderr).toMatch(/ERR_FEED_NOT_FOUND: .*Check the link/)
  })

  test('somebody who waits for a channel without a time-out is told what to check', async () => {
    const watch = startCli(['watch', unknownLink, '--http', '0', ...onDht])
    await watch.line((line) => line.includes('Check the link') && line.includes('--timeout SECONDS'))
    watch.child.kill('SIGINT')
    expect(await watch.ended).toMatchObject({ code: 0, signal: null })
  })

  test('a channel that is over has nothing live to inspect', async () => {
    const storage = ['--storage', join(folder, 'over')]
    const broadcast = startCli(['broadcast', clip, '--loop', ...storage, ...onDht, '--json'])
    const link = String((await broadcast.event('live')).link)
    const relay = startCli(['relay', link, '--keep', 'all', ...onDht, '--json'])
    await relay.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 5)
    broadcast.child.kill('SIGINT')
    await broadcast.ended
    const inspect = await failure(startCli(['inspect', link, '--timeout', '2', ...onDht, '--json']))
    expect(inspect).toMatchObject({ code: 1, error: 'ERR_FEED_NOT_FOUND' })
    expect(inspect.message).toContain('--from start')
  })
})

describe('arguments, for a program', () => {
  test.each([
    [['watch', '--jsn', '--json'], 'stdout'],
    [['watch', unknownLink, '--out', '-', '--jsn', '--json'], 'stderr'],
  ] as const)('are refused in JSON: %j', async (args, stream) => {
    const end = await runCli(args)
    expect(end.code).toBe(2)
    expect(eventOf(end[stream])).toMatchObject({ event: 'error', code: 'ERR_OPTION_INVALID' })
    expect(end[stream === 'stdout' ? 'stderr' : 'stdout']).toBe('')
  })
})
