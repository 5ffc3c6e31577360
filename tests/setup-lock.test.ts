// `npm test` and `npm start` may run side by side in one checkout; the lock of setup is what keeps them from writing the same
// node_modules at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const lockModule = new URL('../scripts/lock.mjs', import.meta.url).href
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hypervision-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Starts a process that notes in `log` when it has the lock and when it gives it back; resolves to its exit code. */
async function contender(body = ''): Promise<number | null> {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { setImmediate as turn } from 'node:timers/promises'
    import { withLock } from ${JSON.stringify(lockModule)}
    const log = (word) => appendFileSync(${JSON.stringify(join(folder, 'log'))}, word + ' ' + process.pid + '\\n')
    await withLock(${JSON.stringify(join(folder, 'lock'))}, () => {}, async () => {
      log('in')
      ${body}
      for (let i = 0; i < 1000; i++) await turn()
      log('out')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  return code
}

test('processes that want the lock have it one after another', async () => {
  expect(await Promise.all([contender(), contender(), contender(), contender()])).toEqual([0, 0, 0, 0])
  const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
  expect(lines).toHaveLength(8)
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('in', 'out'))
  expect(readdirSync(folder)).toEqual(['log'])
})

test('the lock of a process that was killed is taken over', async () => {
  expect(await contender("process.kill(process.pid, 'SIGKILL')")).toBe(null)
  expect(readdirSync(folder)).toContain('lock')
  expect(await contender()).toBe(0)
})

test('a lock of another machine that nobody renews is taken over', async () => {
  const lock = join(folder, 'lock')
  writeFileSync(lock, `not-${hostname()} 1`)
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(lock, longAgo, longAgo)
  expect(await contender()).toBe(0)
})

test('a process that is interrupted gives the lock back', async () => {
  expect(await contender("process.kill(process.pid, 'SIGTERM')")).toBe(143)
  expect(readdirSync(folder)).toEqual(['log'])
})
