/** The figures that a person sees: how many others are here, beside the controls, and the panel of statistics. */
import type { ViewerStats } from '@hypervision/core'
import type { PumpStats } from '../pump/pump.ts'
import { partOf } from './part.ts'
import { statisticsLines } from './statistics.ts'

/** Shows them as they are now. */
export function showFigures(root: ParentNode, viewer: ViewerStats | null, pump: PumpStats | null): void {
  const [others, peers] = [viewer?.others ?? 0, viewer?.peers.length ?? 0]
  const count = partOf(root, '.peers')
  count.hidden = viewer === null
  const words = `${others === 1 ? 'One other is' : `${others} others are`} here, ${peers} of them connected with this player`
  count.title = words
  count.ariaLabel = words
  partOf(root, '.count').textContent = String(others)
  const panel = partOf(root, '.figures')
  if (panel.hidden) return
  const lines = statisticsLines(viewer, pump)
  panel.replaceChildren(...lines.flatMap(([label, value]) => [textElement('dt', label), textElement('dd', value)]))
}

/** Opens the panel, or closes it. */
export function togglePanel(root: ParentNode): void {
  const panel = partOf(root, '.figures')
  panel.hidden = !panel.hidden
  partOf(root, 'button.statistics').ariaExpanded = String(!panel.hidden)
}

function textElement(name: string, text: string): HTMLElement {
  const element = document.createElement(name)
  element.textContent = text
  return element
}
