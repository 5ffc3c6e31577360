// What editors and documentation tools know of <hypervision-viewer>: dist/custom-elements.json. It names the module that is published,
// and that importing this defines the element.
const published = 'dist/element.js'

export default {
  globs: ['src/element/hypervision-viewer.ts'],
  outdir: 'dist',
  plugins: [
    {
      name: 'published-module',
      packageLinkPhase({ customElementsManifest }) {
        for (const module of customElementsManifest.modules) {
          const names = module.declarations.filter(({ tagName }) => tagName !== undefined)
          module.path = published
          for (const { declaration } of module.exports) declaration.module = published
          for (const { tagName, name } of names) {
            const declaration = { name, module: published }
            module.exports.push({ kind: 'custom-element-definition', name: tagName, declaration })
          }
        }
      },
    },
  ],
}
