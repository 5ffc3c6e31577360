// The API documentation of everything that the packages publish: `pnpm api` writes docs/api, `pnpm check api` sees to it
// that no export lacks its sentence. Entry points are the sources that each package.json names.
import { workspacePackages } from './scripts/workspace.mjs'

const published = workspacePackages().filter(({ manifest }) => !manifest.private)

export default {
  name: 'hypervision',
  entryPoints: published.flatMap(({ folder, manifest }) =>
    Object.values(manifest.exports).flatMap((target) => {
      const source = target['hypervision-source']
      return source === undefined ? [] : [`${folder}/${source}`]
    }),
  ),
  // Left out, typedoc would ask for documentation of the root package only, which has no exports.
  packagesRequiringDocumentation: published.map(({ name }) => name),
  // What can be imported. Members are documented where their name and type leave a question: units, ranges, defaults.
  requiredToBeDocumented: ['Class', 'Enum', 'Function', 'Interface', 'TypeAlias', 'Variable'],
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
