import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

test.each([
  ['ends by itself when its transports are closed', 'close', 0],
  ['ends at once when it says so, in the middle of a transfer', 'exit', 3],
])('a process %s', async (_name, how, code) => {
  const program = fileURLToPath(new URL('exit-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=hypervision-source', program, how], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = await new Promise((resolve) => child.on('exit', (status, signal) => resolve(signal ?? status)))
  expect([...(await said), ended]).toEqual(['connected\n', '', code])
})
