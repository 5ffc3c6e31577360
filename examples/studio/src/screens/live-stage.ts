// What a broadcaster sees of the own broadcast: the picture, what is wrong with it, and the buttons below it.
import { fill, h, setText } from '../app/dom.ts'
import { durationText } from '../app/figures.ts'
import { icon } from '../app/icons.ts'
import type { LiveSession } from '../live/live-session.ts'
import type { Problem } from '../live/problem.ts'
import type { SourceKind } from '../live/sources.ts'
import { button, linkButton } from '../parts/button.ts'
import { message } from '../parts/message.ts'
import { sign } from '../parts/sign.ts'
import { soundLevel } from '../parts/sound-level.ts'

/** The stage, and how to make it show what the session is now. */
export interface Stage {
  readonly node: HTMLElement
  update(): void
}

/** @param signal ends what it started */
export function liveStage(session: LiveSession, signal: AbortSignal): Stage {
  const video = h('video', { muted: true, playsinline: true, autoplay: true, 'aria-label': 'Your picture' })
  video.muted = true
  const onAir = sign()
  const words = h('div', { class: 'stage-words' })
  const notice = h('div', { hidden: true })
  const level = soundLevel()
  signal.addEventListener('abort', () => {
    level.follow(null)
    video.srcObject = null
  })

  const sound = toggle('Sound', 'microphone', 'microphoneOff', () => session.mute('audio', !session.muted.audio))
  const picture = toggle('Picture', 'picture', 'pictureOff', () => session.mute('video', !session.muted.video))
  const kinds = h('div', { class: 'segments', role: 'group', 'aria-label': 'What is shown' })
  const camera = sourceButton('camera', 'Camera', session)
  const screen = sourceButton('screen', 'Screen', session)
  kinds.append(camera, screen)
  const main = h('button', { type: 'button', class: 'button air', onclick: () => press(session) })
  const announce = button('', () => void (session.state === 'announced' ? session.goOff() : session.announce()))
  const last = h('div', { class: 'actions last' }, announce, main)
  const controls = h('div', { class: 'controls' }, kinds, sound.node, picture.node, level.node, last)
  let shownWords = ''

  return {
    node: h(
      'section',
      { 'aria-label': 'Preview', class: 'stack' },
      h('div', { class: 'stage' }, video, words, onAir.node),
      notice,
      controls,
    ),
    update() {
      const { state, stream, kind, muted } = session
      if (video.srcObject !== stream) video.srcObject = stream
      video.hidden = stream === null
      level.follow(muted.audio ? null : stream)
      const isOnAir = state === 'live' || state === 'ending'
      onAir.turn(isOnAir, isOnAir ? durationText(session.stats()?.liveSeconds ?? 0) : '')

      // Built anew only when it says something else: the focus stays where it is.
      const wordsNow = `${state} ${session.problem?.title} ${session.problem?.text}`
      if (wordsNow !== shownWords) {
        shownWords = wordsNow
        fill(words, stageWords(session))
        words.hidden = words.childElementCount === 0
      }
      const said = session.notice ?? (state === 'announced' ? announcement : null)
      const noticeNow = said === null ? '' : `${said.title}${said.text}`
      if (notice.dataset.shown !== noticeNow) {
        notice.dataset.shown = noticeNow
        notice.hidden = said === null
        fill(notice, said !== null && noticeOf(said, session))
      }

      controls.hidden = stream === null
      const isBusy = state === 'starting' || state === 'ending'
      for (const [one, own] of [
        [camera, 'camera'],
        [screen, 'screen'],
      ] as const) {
        one.setAttribute('aria-pressed', String(kind === own))
        one.disabled = isBusy
      }
      sound.set(!muted.audio, stream !== null && stream.getAudioTracks().length > 0)
      picture.set(!muted.video, stream !== null && stream.getVideoTracks().length > 0)
      announce.hidden = state !== 'preview' && state !== 'announced'
      setText(announce, state === 'announced' ? 'Take it back' : 'Announce')
      announce.title = state === 'announced' ? '' : 'Share the link before you are on air'
      main.classList.toggle('on', isOnAir)
      main.disabled = isBusy
      const mainWords = { starting: 'Going on air …', ending: 'Going off air …', live: 'Go off air' }
      const wanted = mainWords[state as keyof typeof mainWords] ?? 'Go on air'
      if (main.textContent !== wanted) fill(main, h('span', { class: 'dot', 'aria-hidden': 'true' }), wanted)
    },
  }
}

const announcement: Problem = {
  title: 'Announced',
  text: 'Share the link: whoever opens it reads what is planned, and sees you once you go on air.',
}

function noticeOf(said: Problem, session: LiveSession): HTMLElement {
  if (said === announcement) return message(said, 'status')
  const dismiss = button('Dismiss', () => session.dismissNotice(), { look: 'quiet' })
  return message(said, 'alert', dismiss)
}

/** What stands in place of the picture, or over it. */
function stageWords(session: LiveSession): HTMLElement | null {
  const { state, problem } = session
  const choose = h(
    'div',
    { class: 'actions' },
    button('Camera', () => void session.show('camera'), { look: 'primary', picture: 'camera' }),
    button('Screen', () => void session.show('screen'), { look: 'primary', picture: 'screen' }),
  )
  if (problem !== null && state !== 'starting') {
    if (state === 'preview')
      return h(
        'div',
        { class: 'over' },
        message(problem, 'alert', linkButton('Settings', '#/settings', 'secondary', 'settings')),
      )
    return h('div', { class: 'stack' }, message(problem, 'alert'), choose)
  }
  if (state === 'off')
    return h('div', { class: 'stack' }, h('p', { class: 'stage-title' }, 'What do you want to show?'), choose)
  if (state === 'ended') {
    return h(
      'div',
      { class: 'stack' },
      h('p', { class: 'stage-title' }, 'You are off air'),
      h('p', {}, 'Show something to go live again. Whoever is still watching gets the rest while this page is open.'),
      choose,
    )
  }
  if (state === 'asking') return h('p', { class: 'stage-title' }, 'Your browser asks for permission …')
  return null
}

function press(session: LiveSession): void {
  void (session.state === 'live' ? session.goOff() : session.goLive())
}

function sourceButton(kind: SourceKind, words: string, session: LiveSession): HTMLButtonElement {
  const onclick = (): void => void (session.kind === kind && session.notice === null ? undefined : session.show(kind))
  return h('button', { type: 'button', class: 'segment', onclick }, icon(kind), h('span', {}, words))
}

function toggle(words: string, on: 'microphone' | 'picture', off: 'microphoneOff' | 'pictureOff', onclick: () => void) {
  const node = h('button', { type: 'button', class: 'button round', onclick, 'aria-label': words })
  let shown: boolean | null = null
  return {
    node,
    set(isOn: boolean, isThere: boolean): void {
      node.disabled = !isThere
      if (shown === isOn) return
      shown = isOn
      node.setAttribute('aria-pressed', String(isOn))
      node.title = isOn ? `${words} is on` : `${words} is off`
      fill(node, icon(isOn ? on : off))
    },
  }
}
