// Runs programs so that Ctrl-C ends all of them and what they started, and so that a failure says which program failed.
import { spawn } from 'node:child_process'

const running = new Set()
const cleanups = new Set()
let stopping = false

/** How long children may take to end after a signal before they are killed. */
const graceMs = 5000

const outputs = { kept: ['pipe', 'pipe'], 'as-it-is': ['inherit', 'inherit'], 'on-stderr': [2, 2] }

/** A program could not be started, or ended with something other than exit code 0. */
export class CommandError extends Error {
  constructor(message, code, output) {
    super(message)
    this.code = code
    this.output = output
  }
}

/**
 * Runs a program to its end and resolves to what it printed on stdout; rejects with a CommandError where it fails.
 *
 * @param {string} command program, or a shell line with `shell: true`
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean, show?: 'as-it-is' | 'on-stderr' }} options with
 *   `show` the program prints to this terminal; otherwise its output is kept and travels in the error
 */
export async function run(command, args = [], options = {}) {
  const { code, signal, stdout, output } = await runToExit(command, args, options)
  if (code === 0) return stdout
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`
  throw new CommandError(`${[command, ...args].join(' ')} ${how}`, code, output)
}

/** Like {@link run}, but resolves to `{ code, signal, stdout, output }` whatever the exit code is. */
export function runToExit(command, args = [], options = {}) {
  const { cwd, env = process.env, shell = process.platform === 'win32', show } = options
  return new Promise((resolve, reject) => {
    // Each child leads a process group of its own, so a signal reaches what it started as well.
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      detached: process.platform !== 'win32',
      stdio: ['ignore', ...outputs[show ?? 'kept']],
    })
    running.add(child)
    let stdout = ''
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text
      output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.on('error', (cause) => {
      running.delete(child)
      reject(new CommandError(`${command} cannot be started: ${cause.message}`, null, ''))
    })
    child.on('close', (code, signal) => {
      running.delete(child)
      // Once a signal came nothing goes on: the process ends as soon as the last child has.
      if (!stopping) resolve({ code, signal, stdout, output })
    })
  })
}

/** Registers something to do before the process ends by a signal; returns how to take it back. */
export function onInterrupt(cleanup) {
  cleanups.add(cleanup)
  return () => cleanups.delete(cleanup)
}

function signalAll(signal) {
  for (const child of running) {
    try {
      if (process.platform === 'win32') child.kill(signal)
      else process.kill(-child.pid, signal)
    } catch {
      // It has ended in the meantime.
    }
  }
}

function stop(signal, exitCode) {
  const again = stopping
  stopping = true
  signalAll(again ? 'SIGKILL' : signal)
  const finish = () => {
    for (const cleanup of cleanups) cleanup()
    process.exit(exitCode)
  }
  if (again || running.size === 0) return finish()
  const poll = setInterval(() => running.size === 0 && finish(), 20)
  setTimeout(() => {
    clearInterval(poll)
    signalAll('SIGKILL')
    finish()
  }, graceMs)
}

process.on('SIGINT', () => stop('SIGINT', 130))
process.on('SIGTERM', () => stop('SIGTERM', 143))
process.on('SIGHUP', () => stop('SIGTERM', 129))
