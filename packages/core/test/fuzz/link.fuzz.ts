// Links, which people paste from anywhere.
import b4a from 'b4a'
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { formatLink, parseLink, parseSecret } from '../../src/link/link.ts'
import { withCode } from './refusals.ts'

const isRefusal = withCode(/^ERR_OPTION_LINK$/)
const key = b4a.alloc(32, 1)

export const target: FuzzTarget = {
  name: 'link',
  maxInputBytes: 300,
  words: ['hypervision:', '//', '#', ' ', formatLink(key), formatLink(key, b4a.alloc(32, 2))],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const text = b4a.toString(input, 'utf8')
  const parsed = attempt(isRefusal, () => parseLink(text))
  const secret = attempt(isRefusal, () => parseSecret(text))
  if (parsed === undefined) {
    demand(secret === undefined || secret === null, 'has a secret and no key')
    return
  }
  demand(parsed.byteLength === 32, 'the key has another length')
  if (secret === undefined) return
  const link = formatLink(parsed, secret)
  demand(b4a.equals(parseLink(link), parsed), 'its key is another once it was written again')
  const again = parseSecret(link)
  demand(
    secret === null ? again === null : again !== null && b4a.equals(again, secret),
    'its secret is another once it was written again',
  )
}
