/**
 * ffmpeg as a live source: one process per opened capture, WebM by its standard output. Reading waits for the consumer,
 * so a slow one holds ffmpeg back; the process is gone whenever the iteration is over, however it ended.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { type Capture, HypervisionError } from '@hypervision/core/contracts'
import { ffmpegArguments } from './ffmpeg-arguments.ts'
import { endError, missingFfmpeg, startTimeout } from './ffmpeg-error.ts'
import { inputArguments } from './ffmpeg-input.ts'
import { checkFfmpegOptions, type FfmpegOptions } from './ffmpeg-options.ts'
import { StderrTail } from './stderr-tail.ts'

type Ffmpeg = ChildProcessByStdio<null, Readable, Readable>

const defaultStartTimeoutMs = 20_000
/** After SIGINT ffmpeg writes out what it holds; then it is killed. */
const graceMs = 2000

/**
 * A capture by ffmpeg.
 *
 * @throws HypervisionError at once: ERR_OPTION_INVALID. While it runs: ERR_CAPTURE_MISSING, ERR_CAPTURE_DEVICE,
 * ERR_CAPTURE_INPUT, ERR_CAPTURE_TIMEOUT, ERR_CAPTURE_ENDED, ERR_CAPTURE_FAILED (`detail.stderr` has ffmpeg's last
 * lines), ERR_CAPTURE_IN_USE when it is open already
 */
export function ffmpeg(options: FfmpegOptions): Capture {
  checkFfmpegOptions(options)
  let isOpen = false
  return {
    name: 'ffmpeg',
    async *open({ signal }) {
      if (isOpen) {
        throw new HypervisionError(
          'ERR_CAPTURE_IN_USE',
          'This ffmpeg() is open already. Make another one to capture twice.',
        )
      }
      isOpen = true
      try {
        if (!signal.aborted) yield* run(options, signal)
      } finally {
        isOpen = false
      }
    },
  }
}

async function* run(options: FfmpegOptions, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const child = await start(options)
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const stderr = new StderrTail(child.stderr)
  const deadline = startDeadline(options, child)
  let grace: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    child.kill('SIGINT')
    grace = setTimeout(() => child.kill('SIGKILL'), graceMs)
  }
  // A process that ends without closing its broadcast leaves no ffmpeg behind.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let bytes = 0
  try {
    for await (const chunk of child.stdout) {
      deadline.stop()
      bytes += chunk.length
      yield chunk as Uint8Array
    }
    const [exitCode, killedBy] = await exited
    if (signal.aborted) return
    if (deadline.isOver) throw startTimeout(options, deadline.afterMs, stderr.lines)
    const error = endError(options, { exitCode, signal: killedBy, stderr: stderr.lines, bytes })
    if (error !== null) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    deadline.stop()
    // Left early by the consumer: nobody wants the rest.
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    child.stdout.destroy()
    await exited
    process.off('exit', kill)
    clearTimeout(grace)
  }
}

async function start(options: FfmpegOptions): Promise<Ffmpeg> {
  const path = options.ffmpegPath ?? process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
  const child = spawn(path, ffmpegArguments(options, process.platform), {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  try {
    await once(child, 'spawn')
    return child
  } catch (cause) {
    throw missingFfmpeg(path, process.platform, cause)
  }
}

interface Deadline {
  readonly afterMs: number
  readonly isOver: boolean
  stop(): void
}

/** Kills the child when nothing has come in time. */
function startDeadline(options: FfmpegOptions, child: Ffmpeg): Deadline {
  const { waitsForPublisher } = inputArguments(options, process.platform)
  const afterMs = options.startTimeoutMs ?? (waitsForPublisher ? 0 : defaultStartTimeoutMs)
  let isOver = false
  const timer =
    afterMs === 0
      ? undefined
      : setTimeout(() => {
          isOver = true
          child.kill('SIGKILL')
        }, afterMs)
  return {
    afterMs,
    get isOver() {
      return isOver
    },
    stop: () => clearTimeout(timer),
  }
}
