// The API documentation of everything that the packages publish: `pnpm api` writes docs/api, `pnpm check api` sees to it
// that no export lacks its sentence. Entry points are the sources that each package.json names.
import { OptionDefaults } from 'typedoc'
import { workspacePackages } from './scripts/workspace.mjs'

const published = workspacePackages().filter(({ manifest }) => !manifest.private)

export default {
  name: 'hypervision',
  tsconfig: 'tsconfig.api.json',
  entryPoints: published.flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports).flatMap(([name, target]) => {
      // These have the names and the meaning of what they stand in for.
      if (/^\.\/(sodium|stand-ins\/)/.test(name)) return []
      const source = target['hypervision-source']
      return source === undefined ? [] : [`${folder}/${source}`]
    }),
  ),
  // Left out, typedoc would ask for documentation of the root package only, which has no exports.
  packagesRequiringDocumentation: published.map(({ name }) => name),
  // What can be imported. Members are documented where their name and type leave a question: units, ranges, defaults.
  requiredToBeDocumented: ['Class', 'Enum', 'Function', 'Interface', 'TypeAlias', 'Variable'],
  // What editors know of custom elements: dist/custom-elements.json is made of them.
  blockTags: [...OptionDefaults.blockTags, '@element', '@attr', '@fires', '@csspart', '@cssprop'],
  out: 'docs/api',
  readme: 'none',
  disableGit: true,
  sourceLinkTemplate: 'https://github.com/hypervision/hypervision/blob/main/{path}#L{line}',
  excludeInternal: true,
  excludeExternals: true,
  // `pnpm check types` looks at types.
  skipErrorChecking: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
}
