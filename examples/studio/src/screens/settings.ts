// Devices, quality, and where peers meet.
import { camera, devices, watchDevices } from '@hypervision/capture-browser'
import { fill, h, setText } from '../app/dom.ts'
import type { PreferenceStore } from '../app/preferences.ts'
import type { Screen, Studio } from '../app/screen.ts'
import { isTracker } from '../app/trackers.ts'
import { askToKeep, forgetChannels } from '../live/kept-channel.ts'
import type { LiveSession } from '../live/live-session.ts'
import { lackForBroadcast, problemOf } from '../live/problem.ts'
import { isQualityName, qualityChoices } from '../live/quality-choices.ts'
import { button } from '../parts/button.ts'
import { type Choice, radioField, selectField, setChoices } from '../parts/field.ts'
import { message } from '../parts/message.ts'

/** Settings. */
export function settingsScreen({ preferences, session, site }: Studio): Screen {
  const closing = new AbortController()
  const { signal } = closing
  const set = preferences.set.bind(preferences)
  const { now } = preferences
  const applyDevices = (): void => void session.applyDevices()

  const cameraField = selectField('Camera', deviceChoices('camera', []), now.camera, (value) => {
    set({ camera: value })
    applyDevices()
  })
  const microphoneField = selectField('Microphone', deviceChoices('microphone', []), now.microphone, (value) => {
    set({ microphone: value })
    applyDevices()
  })
  const permission = h('div', { class: 'stack' })
  const list = async (): Promise<void> => {
    const found = lackForBroadcast() === null ? await devices().catch(() => []) : []
    if (signal.aborted) return
    for (const [kind, { select }] of [
      ['camera', cameraField],
      ['microphone', microphoneField],
    ] as const) {
      const own = found.filter((device) => device.kind === kind && device.deviceId !== '')
      setChoices(select, deviceChoices(kind, own), preferences.now[kind])
    }
    const isNameless = found.length > 0 && found.every(({ deviceId }) => deviceId === '')
    fill(permission, isNameless && askForNames(list, permission))
  }
  void list()
  if (navigator.mediaDevices !== undefined)
    signal.addEventListener(
      'abort',
      watchDevices(() => void list()),
    )
  const lack = lackForBroadcast()

  return {
    title: 'Settings',
    close: () => closing.abort(),
    node: h(
      'main',
      { class: 'page narrow' },
      h('h1', { tabindex: '-1' }, 'Settings'),
      h('p', { class: 'lead' }, 'Everything you choose stays in this browser.'),
      h(
        'section',
        { class: 'card stack', 'aria-labelledby': 'settings-devices' },
        h('h2', { id: 'settings-devices' }, 'Camera, microphone, screen'),
        lack === null ? null : message(lack, 'note'),
        permission,
        cameraField.node,
        microphoneField.node,
        radioField(
          'With the screen, send the sound of',
          [
            { value: 'microphone', label: 'Microphone' },
            { value: 'screen', label: 'Screen' },
          ],
          now.screenSound,
          (value) => set({ screenSound: value === 'screen' ? 'screen' : 'microphone' }),
          'Browsers ask for the screen, a window or a tab each time. Not every one of them has sound.',
        ),
        selectField(
          'Quality',
          qualityChoices,
          now.quality,
          (value) => isQualityName(value) && set({ quality: value }),
          'Holds from the next broadcast on. Your upload has to carry it a few times.',
        ).node,
      ),
      h(
        'section',
        { class: 'card stack', 'aria-labelledby': 'settings-watch' },
        h('h2', { id: 'settings-watch' }, 'Watching'),
        radioField(
          'Pass on what I watch',
          [
            { value: 'on', label: 'Always' },
            { value: 'ask', label: 'Ask me' },
            { value: 'off', label: 'Never' },
          ],
          now.upload,
          (value) => set({ upload: value === 'ask' || value === 'off' ? value : 'on' }),
          'Broadcasts live from viewers who pass them on to others.',
        ),
      ),
      channelCard(preferences, session),
      trackerCard(preferences, site.trackers),
    ),
  }
}

function deviceChoices(kind: 'camera' | 'microphone', found: readonly { deviceId: string; label: string }[]): Choice[] {
  return [
    { value: 'any', label: 'The browser’s choice' },
    ...found.map(({ deviceId, label }) => ({ value: deviceId, label })),
    { value: 'none', label: kind === 'camera' ? 'None: sound only' : 'None: picture only' },
  ]
}

/** Browsers tell which devices there are only once one was allowed. */
function askForNames(done: () => Promise<void>, place: HTMLElement): HTMLElement {
  const ask = async (): Promise<void> => {
    try {
      const any = camera()
      await any.preview()
      await any.close()
      await done()
    } catch (error) {
      fill(
        place,
        message(
          problemOf(error),
          'alert',
          button('Try again', () => void ask()),
        ),
      )
    }
  }
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'hint' }, 'The browser names cameras and microphones once you have allowed one.'),
    button('Allow camera and microphone', () => void ask(), { picture: 'camera' }),
  )
}

function channelCard(preferences: PreferenceStore, session: LiveSession): HTMLElement {
  const said = h('p', { class: 'hint', role: 'status' })
  const forget = button('Forget the channel', () => {
    const free = session.isOnAir ? Promise.resolve() : session.letGoOfChannel()
    free.then(forgetChannels).then(
      () => setText(said, 'It is forgotten. The next broadcast has a new link.'),
      (error: unknown) => setText(said, problemOf(error).text),
    )
  })
  const choose = (value: string): void => {
    const keepsChannel = value === 'kept'
    preferences.set({ keepsChannel })
    forget.hidden = !keepsChannel
    setText(said, '')
    if (keepsChannel) void askToKeep()
  }
  forget.hidden = !preferences.now.keepsChannel
  return h(
    'section',
    { class: 'card stack', 'aria-labelledby': 'settings-channel' },
    h('h2', { id: 'settings-channel' }, 'Your channel'),
    radioField(
      'Link of your broadcasts',
      [
        { value: 'new', label: 'New' },
        { value: 'kept', label: 'Always the same' },
      ],
      preferences.now.keepsChannel ? 'kept' : 'new',
      choose,
      'To go on under one link, after a reload too, this browser keeps the key of the channel and all that was sent. Whoever uses this browser can broadcast under it.',
    ),
    forget,
    said,
  )
}

function trackerCard(preferences: PreferenceStore, siteTrackers: readonly string[]): HTMLElement {
  const area = h('textarea', {
    id: 'settings-trackers',
    class: 'input code',
    rows: 3,
    spellcheck: 'false',
    'aria-describedby': 'settings-trackers-hint settings-trackers-error',
    oninput: () => save(),
  })
  const error = h('p', { class: 'error', id: 'settings-trackers-error', role: 'alert' })
  const reset = button('Use those of this site', () => {
    preferences.set({ trackers: null })
    show()
  })
  const show = (): void => {
    area.value = (preferences.now.trackers ?? siteTrackers).join('\n')
    reset.hidden = preferences.now.trackers === null
    setText(error, '')
  }
  const save = (): void => {
    const given = area.value.split(/\s+/).filter((word) => word !== '')
    const wrong = given.find((word) => !isTracker(word))
    const problem =
      given.length === 0
        ? 'Without a tracker nobody is found. Name one, or use those of this site.'
        : wrong === undefined
          ? ''
          : `“${wrong}” is no tracker. Write wss://host/path, or ws://host:port.`
    area.setAttribute('aria-invalid', String(problem !== ''))
    setText(error, problem)
    if (problem !== '') return
    preferences.set({ trackers: given })
    reset.hidden = false
  }
  show()
  return h(
    'section',
    { class: 'card stack', 'aria-labelledby': 'settings-network' },
    h('h2', { id: 'settings-network' }, 'Network'),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'settings-trackers', class: 'label' }, 'Trackers'),
      area,
      h(
        'p',
        { class: 'hint', id: 'settings-trackers-hint' },
        'Where your broadcast and its viewers find each other, one a line. No video passes through them.',
      ),
      error,
    ),
    reset,
  )
}
