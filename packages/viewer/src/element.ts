/** Importing this defines `<hypervision-viewer>`. */
import { HypervisionViewerElement } from './element/hypervision-viewer.ts'

export type { SessionViewer } from './element/channel-session.ts'
export { HypervisionViewerElement, type StateChange } from './element/hypervision-viewer.ts'
export type { UploadChoice } from './element/upload-question.ts'
export type { ViewerElementState } from './element/viewer-state.ts'

// Two copies of this module may come to one page.
if (customElements.get('hypervision-viewer') === undefined) {
  customElements.define('hypervision-viewer', HypervisionViewerElement)
}

declare global {
  interface HTMLElementTagNameMap {
    'hypervision-viewer': HypervisionViewerElement
  }
}
