// `npm start -- --check`: looks at the demo as a browser would, and judges what it sees.
import { cutWebm } from '@hypervision/core/webm'
import { findProgram, programs } from '../programs.mjs'
import { lookAtPage, lookAtStudio } from './browser.mjs'
import { checkStudio } from './check-studio.mjs'
import { decode } from './decode.mjs'
import { canUseWebRtc } from './network-interfaces.mjs'

/** How long the stream is watched. */
const watchMs = 8000
const startDeadlineMs = 30_000
const maxLatencyMs = 2000
/** Both ends have the same clock: what is played before it was filmed is measured wrong. */
const minLatencyMs = 0
/** Mean change of brightness from the first to the last picture that noise does not make. */
const leastChange = 1
/** The stream that came has to span this much of the time that it was watched. */
const leastShare = 0.5

/**
 * Watches the demo for some seconds.
 *
 * @param {Awaited<ReturnType<typeof import('./demo.mjs').startDemo>>} demo
 * @param {() => { latencyMs: number | null, bitsPerSecond: number, peers: unknown[] } | null} newestStats
 * @returns {Promise<{ figures: [string, string][], problems: string[] }>}
 */
export async function checkDemo(demo, newestStats) {
  const problems = []
  const expect = (isSo, problem) => {
    if (!isSo) problems.push(problem)
  }
  await within(startDeadlineMs, demo.playing, 'The viewer did not begin to play')

  const page = await fetch(demo.url)
  const html = await page.text()
  expect(page.ok && html.includes('<video'), `The page answers ${page.status} and has ${html.length} characters`)

  const latencies = []
  const sampling = setInterval(() => {
    const { latencyMs = null } = newestStats() ?? {}
    if (latencyMs !== null) latencies.push(latencyMs)
  }, 250)
  const bytes = await readFor(demo.live, watchMs)
  clearInterval(sampling)

  const stream = await wholeBlocks(bytes)
  const seen = await decode(stream.bytes).catch((error) => {
    problems.push(`The stream does not decode: ${error.message}`)
    return { videoFrames: 0, audioFrames: 0, width: 0, height: 0, seconds: 0, change: 0 }
  })
  expect(seen.videoFrames > 0 && seen.width > 0, 'The stream has no picture')
  expect(seen.audioFrames > 0, 'The stream has no sound')
  expect(
    seen.seconds * 1000 >= watchMs * leastShare,
    `Only ${seen.seconds.toFixed(1)} s of stream came in ${watchMs / 1000} s`,
  )
  expect(seen.change >= leastChange, `The picture stands still (brightness changed by ${seen.change.toFixed(2)})`)
  const latency = median(latencies)
  expect(latency !== null, 'The viewer measured no latency')
  expect(
    latency === null || (latency >= minLatencyMs && latency < maxLatencyMs),
    `The latency is ${latency} ms; it should be from ${minLatencyMs} to ${maxLatencyMs} ms`,
  )

  const stats = newestStats()
  const figures = [
    [
      'Stream',
      `${stream.blocks} blocks, ${stream.keyframes} keyframes, ${stream.bytes.length} bytes in ${watchMs / 1000} s`,
    ],
    ['Picture', `${seen.videoFrames} frames decoded, ${seen.width} × ${seen.height}, ${seen.seconds.toFixed(1)} s`],
    ['Sound', `${seen.audioFrames} frames decoded`],
    ['Movement', `brightness changed by ${seen.change.toFixed(1)} of 255`],
    [
      'Latency',
      latency === null
        ? 'not measured'
        : `${Math.round(latency)} ms median, ${Math.round(Math.max(...latencies))} ms most`,
    ],
    ['Bitrate', `${Math.round((stats?.bitsPerSecond ?? 0) / 1000)} kbit/s`],
    ['Peers', String(stats?.peers.length ?? 0)],
    ...(await checkStudio(demo, expect)),
    ['Browser', await browserFigures(demo, expect)],
  ]
  return { figures, problems }
}

async function browserFigures({ url, studio }, expect) {
  if (findProgram(programs.chromium) === undefined)
    return 'not looked at: no Chromium on PATH or in HYPERVISION_CHROMIUM'
  try {
    const { width, height, seconds, latencyMs, state } = await lookAtPage(url)
    expect(width > 0 && seconds > 0, 'The page shows no moving picture in Chromium')
    const seen = `${width} × ${height}, moved on by ${seconds.toFixed(1)} s, ${latencyMs ?? '–'} ms to the screen, says ${state}`
    if (!canUseWebRtc()) return seen
    const inStudio = await lookAtStudio(studio, 'Demo')
    return `${seen}; in the studio moved on by ${inStudio.seconds.toFixed(1)} s, ${Math.round(inStudio.latencyMs)} ms`
  } catch (error) {
    expect(false, `The page does not play in Chromium: ${error.message.split('\n')[0]}`)
    return 'failed'
  }
}

/** All that a response brings in so many milliseconds. */
async function readFor(url, milliseconds) {
  const going = new AbortController()
  const timer = setTimeout(() => going.abort(), milliseconds)
  const chunks = []
  try {
    const response = await fetch(url, { signal: going.signal })
    for await (const chunk of response.body) chunks.push(chunk)
  } catch (error) {
    if (!going.signal.aborted) throw error
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

/** The stream up to its last whole Cluster, since it was left in the middle of one. */
async function wholeBlocks(bytes) {
  const parts = []
  let blocks = 0
  let keyframes = 0
  try {
    for await (const piece of cutWebm([bytes])) {
      parts.push(piece.bytes)
      if (piece.kind !== 'cluster') continue
      blocks++
      if (piece.key) keyframes++
    }
  } catch (error) {
    if (error.code !== 'ERR_WEBM_TRUNCATED') throw error
  }
  return { bytes: Buffer.concat(parts), blocks, keyframes }
}

async function within(milliseconds, promise, problem) {
  let timer
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${problem} within ${milliseconds / 1000} s`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? null
}
