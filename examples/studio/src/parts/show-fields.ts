// What viewers read of a show before they see it.
import { h } from '../app/dom.ts'
import type { PreferenceStore } from '../app/preferences.ts'
import { plannedStart } from '../live/show.ts'
import { areaField, textField } from './field.ts'
import { posterField } from './poster-field.ts'

/** The fields, folded away: a show can do without. */
export function showFields(preferences: PreferenceStore): HTMLElement {
  const { description, startsAt, poster } = preferences.now
  const about = areaField(
    'Description',
    {
      maxlength: 2000,
      rows: 3,
      oninput: () => preferences.set({ description: about.area.value.trim() }),
    },
    description,
  )
  const start = textField(
    'Planned start',
    {
      type: 'datetime-local',
      value: plannedStart(startsAt, Date.now()) === null ? '' : startsAt,
      oninput: () => preferences.set({ startsAt: start.input.value }),
    },
    'Announce the broadcast, and those who open the link early are told when to come back.',
  )
  return h(
    'details',
    { class: 'more' },
    h('summary', {}, 'Description, start and poster'),
    h(
      'div',
      { class: 'stack' },
      about.node,
      start.node,
      posterField(
        'Poster',
        poster,
        (chosen) => preferences.set({ poster: chosen }),
        'A still picture, shown until there is one of the video.',
      ),
    ),
  )
}
