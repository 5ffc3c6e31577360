// What is published can be built from what is here.
import { build, packagesToBuild } from '../build.mjs'

export const title = 'packages build'

export async function check() {
  const stale = packagesToBuild()
  await build(stale, () => {})
  return stale.length === 0 ? 'up to date' : `${stale.length} built`
}
