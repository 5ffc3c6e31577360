// Every export is documented, and every link in the documentation leads somewhere. `pnpm api` writes the pages themselves.
import { program } from './program.mjs'

export const title = 'every export documented, with typedoc'

export async function check() {
  await program('typedoc', ['--emit', 'none', '--logLevel', 'Warn'])
}
