// Ends of the command line that somebody asks for: Ctrl-C in every state, readers that stop, players that go.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { broadcastClip, clip, startCli, startFullBroadcast, unknownLink } from './cli-process.ts'
import { useCliTestbed } from './cli-testbed.ts'
import { freePort } from './free-port.ts'

const { folder, onDht } = useCliTestbed('cli-end')

/** Puts more on air than a pipe holds. */
async function goLiveWithMuch() {
  const { link } = await startFullBroadcast(1, onDht).event('live')
  return String(link)
}

/** A PATH on which `ffplay` is a script. */
function pathWithPlayer(name: string, script: string): NodeJS.ProcessEnv {
  const bin = join(folder, name)
  mkdirSync(bin)
  writeFileSync(join(bin, 'ffplay'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, 'ffplay'), 0o755)
  return { PATH: `${bin}:/usr/bin:/bin` }
}

function childrenOf(pid: number | undefined): string {
  try {
    return execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(pid)]).toString()
  } catch {
    return ''
  }
}

/** `S`, `R`, `Z` …; empty where there is no such process. */
function stateOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)])
      .toString()
      .trim()
  } catch {
    return ''
  }
}

test('Ctrl-C ends a viewer whose output nobody reads', async () => {
  const link = await goLiveWithMuch()
  const watch = startCli(['watch', link, '--out', '-', '--from', 'start', ...onDht, '--json'], {
    hasMediaOnStdout: true,
  })
  // A pipe holds 64 KiB: with so much received, the rest waits.
  await watch.event('stats', ({ streamBytes }) => Number(streamBytes) > 150_000)
  watch.child.kill('SIGINT')
  const { code } = await new Promise<{ code: number | null }>((resolve) =>
    watch.child.once('exit', (exitCode) => resolve({ code: exitCode })),
  )
  expect(code).toBe(0)
})

test('a second Ctrl-C ends a process that is still saying goodbye, and its ffmpeg', async () => {
  const own = startCli(['bootstrap', '--port', '0', '--json'])
  const { address } = await own.event('listening')
  const broadcast = startCli(['broadcast', '--rtmp', String(await freePort()), '--bootstrap', String(address)])
  await broadcast.line((line) => line.startsWith('Waiting for somebody'))
  await expect.poll(() => childrenOf(broadcast.child.pid)).toContain('ffmpeg')
  const ffmpeg = Number.parseInt(childrenOf(broadcast.child.pid), 10)
  // Without the DHT there is nobody to answer the goodbye.
  own.child.kill('SIGKILL')
  await own.ended
  broadcast.child.kill('SIGINT')
  broadcast.child.kill('SIGTERM')
  expect((await broadcast.ended).code).toBe(130)
  // A process without a parent may stay on the list for a while after its end, as a zombie.
  await expect.poll(() => stateOf(ffmpeg)).toMatch(/^Z?$/)
})

test('Ctrl-C before a cut is done is no success', async () => {
  const cut = startCli(['cut', '-', '--out', join(folder, 'part.webm'), '--json'])
  cut.child.stdin.write(readFileSync(clip))
  await cut.event('stats')
  cut.child.kill('SIGINT')
  expect(await cut.ended).toMatchObject({ code: 130, stderr: '' })
})

test('a recording of before is left alone until there is something to replace it with', async () => {
  const out = join(folder, 'before.webm')
  writeFileSync(out, 'a recording')
  const watch = startCli(['watch', unknownLink, '--out', out, '--timeout', '1', ...onDht])
  expect((await watch.ended).code).toBe(1)
  expect(readFileSync(out, 'utf8')).toBe('a recording')
})

test('a player that gives up is quoted', async () => {
  const { link } = await broadcastClip(onDht)
  const env = pathWithPlayer('gives-up', 'echo "Could not initialize SDL - no display" >&2; exit 1')
  const { code, stderr } = await startCli(['watch', link, '--play', ...onDht], { env }).ended
  expect(code).toBe(2)
  expect(stderr).toMatch(/ended with exit code 1 and said: Could not initialize SDL - no display\. Watch in a browser/)
})

test('a player that gives up does not end the page beside it', async () => {
  const { link } = await broadcastClip(onDht)
  const env = pathWithPlayer('gives-up-too', 'exit 1')
  const watch = startCli(['watch', link, '--play', '--http', '0', ...onDht, '--json'], { env })
  expect(await watch.event('warning')).toMatchObject({ message: expect.stringContaining('exit code 1') })
  const { url } = await watch.event('listening')
  expect((await fetch(String(url))).status).toBe(200)
})

test('closing the player ends the viewer', async () => {
  const { link } = await broadcastClip(onDht)
  const env = pathWithPlayer('closed', 'head -c 1000 >/dev/null')
  expect(await startCli(['watch', link, '--play', ...onDht], { env }).ended).toMatchObject({ code: 0, signal: null })
})

test('Ctrl-C ends a player that is paused', async () => {
  const link = await goLiveWithMuch()
  const watch = startCli(['watch', link, '--play', '--from', 'start', ...onDht, '--json'], {
    env: pathWithPlayer('paused', 'exec sleep 600'),
  })
  await watch.event('stats', ({ streamBytes }) => Number(streamBytes) > 150_000)
  const player = Number.parseInt(childrenOf(watch.child.pid), 10)
  watch.child.kill('SIGINT')
  expect(await watch.ended).toMatchObject({ code: 0, signal: null })
  expect(() => process.kill(player, 0)).toThrow('ESRCH')
})
