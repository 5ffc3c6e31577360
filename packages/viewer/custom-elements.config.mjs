// What editors and documentation tools know of <hypervision-viewer>: dist/custom-elements.json.
export default {
  globs: ['src/element/hypervision-viewer.ts'],
  outdir: 'dist',
}
