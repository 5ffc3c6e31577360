// The page of `hypervision watch --http`: plays /live.webm near its live edge and says how the viewer is doing.

const video = document.getElementById('video')
const cover = document.getElementById('cover')
const playButton = document.getElementById('play')
const copyButton = document.getElementById('copy')
const show = (id, text) => {
  const element = document.getElementById(id)
  if (element.textContent !== text) element.textContent = text
}

/** What a person is told about each state: in the corner, and over the picture where there is none. */
const words = {
  connecting: ['Connecting', 'Asking the viewer process how things are.'],
  searching: ['Searching', 'Looking for somebody who has this channel.'],
  waiting: ['Waiting', 'The channel is there, and the broadcast has not begun.'],
  live: ['Live', ''],
  late: ['Playing', ''],
  stalled: ['Interrupted', 'The stream has stopped coming. It goes on by itself when the broadcaster is back.'],
  ended: ['Ended', 'The broadcast is over.'],
  gone: ['Disconnected', 'The viewer process does not answer. Start hypervision watch again to go on.'],
}

let status = null
let state = 'connecting'
let isOpen = false
let reopenTimer = 0
let failures = 0

const events = new EventSource('/events')
events.onmessage = ({ data }) => {
  status = JSON.parse(data)
  update()
}
events.onerror = () => {
  // A viewer that has said that the broadcast is over ends with it; the browser asks again by itself otherwise.
  if (status?.state === 'ended' || status?.state === 'closed') events.close()
  else if (state !== 'ended') setState('gone')
}

function update() {
  const isPlaying = status.state === 'playing' || status.state === 'stalled'
  if (isPlaying && !isOpen) openStream()
  if (status.state === 'playing') setState(status.latencyMs === null ? 'late' : 'live')
  else if (status.state === 'closed') setState(state === 'ended' ? 'ended' : 'gone')
  else setState(status.state)
  show('title', status.title ?? 'hypervision')
  document.title = status.title === null ? 'hypervision' : `${status.title} · hypervision`
  show('link', status.link)
  show('bitrate', status.state === 'playing' ? formatBitrate(status.bitsPerSecond) : '–')
  show('peers', String(status.peers))
  show('passed-on', `${status.relayedCopies.toFixed(1)}×`)
  show('hops', String(status.live.depth ?? '–'))
}

function setState(next) {
  state = next
  if (next === 'gone') for (const id of ['bitrate', 'peers', 'passed-on', 'hops']) show(id, '–')
  const [title, text] = words[next]
  const element = document.getElementById('state')
  if (element.dataset.state !== next) {
    element.dataset.state = next
    element.textContent = title
  }
  show('cover-title', title)
  show('cover-text', next === 'waiting' || next === 'searching' ? (plan() ?? text) : text)
  showCover()
  if (status !== null) showFigures(bufferedAhead())
}

/** When it is meant to begin, and what it is about; null where nobody has said. */
function plan() {
  const startsAt = new Date(status?.startsAt ?? Number.NaN)
  const start = startsAt > Date.now() ? `Starts at ${startsAt.toLocaleString()}.` : null
  const said = [start, status?.description].filter((part) => part)
  return said.length === 0 ? null : said.join(' ')
}

/** The cover goes away when there is a moving picture under it, and comes when a person has to know more. */
function showCover() {
  const isPlayable = state === 'live' || state === 'late'
  // What has come already is shown to its end.
  const isMoving = isPlayable || (state === 'stalled' && bufferedAhead() > leastAheadSeconds)
  cover.hidden = isOpen && video.readyState >= 2 && isMoving && playButton.hidden
  // Nothing under a cover is for the hand or the keyboard.
  video.controls = cover.hidden
  if (cover.hidden || !isPlayable) return
  show('cover-title', playButton.hidden ? 'Starting' : 'Paused')
  show(
    'cover-text',
    playButton.hidden ? 'The first picture is on its way.' : 'This browser waits for you to start the video.',
  )
}

function openStream() {
  isOpen = true
  // A new address each time: the browser must not go on with what it has of the last one.
  video.src = `/live.webm?from=${Date.now()}`
  play()
}

function play() {
  video.play().then(
    () => {
      playButton.hidden = true
      showCover()
    },
    (error) => {
      if (error.name !== 'NotAllowedError') return
      playButton.hidden = false
      showCover()
    },
  )
}

/** The stream ended or broke: a new epoch, a viewer that fell behind, a viewer process that was restarted. */
function reopen() {
  if (reopenTimer !== 0) return
  const wait = Math.min(4000, 100 * 2 ** failures++)
  reopenTimer = setTimeout(() => {
    reopenTimer = 0
    isOpen = false
    if (status !== null && state !== 'ended' && state !== 'gone') update()
  }, wait)
}

video.addEventListener('ended', reopen)
video.addEventListener('error', reopen)
video.addEventListener('playing', () => {
  failures = 0
  showCover()
})
video.addEventListener('loadeddata', showCover)
playButton.addEventListener('click', play)

// Keeping to the live edge.

/** Behind the newest picture by more than this, playback goes a little faster. */
const targetSeconds = 0.5
/** Less than this before the end of what has come is as good as nothing. */
const leastAheadSeconds = 0.25
/** By more than this it jumps, where the browser can. */
const jumpSeconds = 1.5
/** By more than this the stream is opened anew, which begins at the newest keyframe. */
const reopenSeconds = 4
const catchUpRate = 1.1
const checkMs = 250
/** No progress for so many checks means that the browser has lost its way. */
const stuckChecks = 16

let lastTime = 0
let checksWithoutProgress = 0

setInterval(() => {
  const ahead = bufferedAhead()
  showFigures(ahead)
  if (!isOpen || video.readyState === 0) return
  if (state === 'stalled') showCover()
  if (video.paused || video.seeking || status.state !== 'playing') return
  checksWithoutProgress = video.currentTime === lastTime ? checksWithoutProgress + 1 : 0
  lastTime = video.currentTime
  if (ahead > reopenSeconds || checksWithoutProgress > stuckChecks) {
    checksWithoutProgress = 0
    return reopen()
  }
  const edge = video.currentTime + ahead
  if (ahead > jumpSeconds && canSeekTo(edge - targetSeconds)) video.currentTime = edge - targetSeconds
  // Once catching up it goes on until it is there: switching to and fro is heard.
  const isBehind = ahead > (video.playbackRate > 1 ? targetSeconds : 2 * targetSeconds)
  const rate = isBehind ? catchUpRate : 1
  if (video.playbackRate !== rate) video.playbackRate = rate
}, checkMs)

function bufferedAhead() {
  const { buffered, currentTime } = video
  return buffered.length === 0 ? 0 : Math.max(0, buffered.end(buffered.length - 1) - currentTime)
}

function canSeekTo(time) {
  const { seekable } = video
  for (let at = 0; at < seekable.length; at++) if (seekable.start(at) <= time && time <= seekable.end(at)) return true
  return false
}

function showFigures(ahead) {
  show('picture', video.videoWidth === 0 ? '–' : `${video.videoWidth} × ${video.videoHeight}`)
  const isLive = isOpen && state === 'live'
  const latencyMs = isLive ? status.latencyMs + ahead * 1000 : null
  video.dataset.latencyMs = latencyMs === null ? '' : String(Math.round(latencyMs))
  show('latency', latencyMs === null ? '–' : formatSeconds(latencyMs / 1000))
}

function formatBitrate(bitsPerSecond) {
  if (bitsPerSecond < 999_500) return `${Math.round(bitsPerSecond / 1000)} kbit/s`
  return `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`
}

function formatSeconds(seconds) {
  return `${seconds.toFixed(1)} s`
}

// Copying the link.

const hint = document.getElementById('copied').textContent

copyButton.addEventListener('click', async () => {
  const code = document.getElementById('link')
  try {
    await navigator.clipboard.writeText(code.textContent)
    tell('Copied.')
  } catch {
    // Browsers give the clipboard to secure pages only; a person can still copy what is selected.
    getSelection().selectAllChildren(code)
    tell('Selected: copy it with Ctrl-C or the menu.')
  }
})

function tell(text) {
  show('copied', text)
  setTimeout(() => show('copied', hint), 3000)
}
