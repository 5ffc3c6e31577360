// What an open channel stands on, by name: a bundler leaves the rest of these packages out of what is loaded for it.
export { createViewer, parseLink, parseSecret } from '@hypervision/core'
export { webrtc } from '@hypervision/transport-webrtc'
