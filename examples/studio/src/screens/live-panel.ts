// Beside the stage: what to decide before going on air, figures while on air, and what was after it.
import { h } from '../app/dom.ts'
import { bitrateText, bytesText, copiesText, durationText } from '../app/figures.ts'
import type { Studio } from '../app/screen.ts'
import type { LiveSummary } from '../live/live-session.ts'
import { isQualityName, qualityChoices } from '../live/quality-choices.ts'
import { linkButton } from '../parts/button.ts'
import { radioField, selectField, textField } from '../parts/field.ts'
import { figureList } from '../parts/figure-list.ts'
import { showFields } from '../parts/show-fields.ts'

/** The panel, and how to make it show what the session is now. */
export interface Panel {
  readonly node: HTMLElement
  update(): void
}

/** Makes it. */
export function livePanel({ session, preferences }: Studio): Panel {
  const title = textField(
    'Title',
    {
      maxlength: 200,
      placeholder: 'Friday show',
      value: preferences.now.title,
      oninput: () => preferences.set({ title: title.input.value.trim() }),
    },
    'Viewers see it. It may be left empty.',
  )
  const quality = selectField(
    'Quality',
    qualityChoices,
    preferences.now.quality,
    (value) => isQualityName(value) && preferences.set({ quality: value }),
    'Your upload has to carry it a few times.',
  )
  const privacy = radioField(
    'Who can watch',
    [
      { value: 'public', label: 'Public' },
      { value: 'private', label: 'Private' },
    ],
    preferences.now.isPrivate ? 'private' : 'public',
    (value) => preferences.set({ isPrivate: value === 'private' }),
    'Private: encrypted from end to end. Only those who have the whole link can watch; whoever passes it on cannot.',
  )
  const before = h(
    'section',
    { class: 'card stack', 'aria-labelledby': 'live-before' },
    h('h2', { id: 'live-before' }, 'Your broadcast'),
    title.node,
    showFields(preferences),
    privacy,
    quality.node,
    linkButton('More settings', '#/settings', 'quiet', 'settings'),
  )
  const figures = figureList('Your broadcast', ['Viewers', 'Stream', 'Uploaded', 'Copies'])
  const during = h(
    'section',
    { class: 'card', 'aria-labelledby': 'live-during' },
    h('h2', { id: 'live-during' }, 'Your broadcast'),
    figures.node,
  )
  const after = h(
    'section',
    { class: 'card', 'aria-labelledby': 'live-after' },
    h('h2', { id: 'live-after' }, 'Your last broadcast'),
  )
  const last = figureList('Your last broadcast', ['On air', 'Most viewers', 'Uploaded', 'Copies'])
  after.append(last.node)

  return {
    node: h('div', { class: 'stack' }, after, before, during),
    update() {
      const { state, summary } = session
      const isOnAir = state === 'live' || state === 'ending'
      before.hidden = isOnAir
      during.hidden = !isOnAir
      after.hidden = summary === null
      title.input.disabled = state === 'starting'
      // Those hold from the opening of the channel on.
      const isOpen = session.isOnAir
      quality.select.disabled = isOpen
      privacy.disabled = isOpen
      if (summary !== null) last.set(summaryTexts(summary))
      const stats = session.stats()
      if (stats === null) return
      figures.set([
        String(stats.others),
        bitrateText(stats.bitsPerSecond),
        bytesText(stats.bytesUp),
        copiesText(stats.sourceCopies),
      ])
    },
  }
}

function summaryTexts({ seconds, mostViewers, bytesUp, copies }: LiveSummary): string[] {
  return [durationText(seconds), String(mostViewers), bytesText(bytesUp), copiesText(copies)]
}
