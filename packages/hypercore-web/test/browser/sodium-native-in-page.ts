// Stands in for sodium-native in a page of tests: each call is made by the real one, in the process of the test, while the page
// waits.
import { type DistantAnswer, type DistantCall, describeCall, fromHex } from './distant-sodium.ts'

/** Only pages can wait for an answer; the types of Node have none of it. */
declare class XMLHttpRequest {
  readonly responseText: string
  open(method: string, url: string, isAsync: boolean): void
  send(body: string): void
}

function ask(call: DistantCall): DistantAnswer {
  const request = new XMLHttpRequest()
  request.open('POST', '/answer', false)
  request.send(JSON.stringify(call))
  return JSON.parse(request.responseText)
}

const members = new Map<string, unknown>()

function memberOf(name: string): unknown {
  const { value } = ask({ name })
  if (value !== 'function') return value
  return (...values: unknown[]) => {
    const { call, memories } = describeCall(name, values)
    const answer = ask(call)
    for (const [at, hex] of (answer.memories ?? []).entries())
      new Uint8Array(memories[at] ?? new ArrayBuffer(0)).set(fromHex(hex))
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }
}

const sodium = new Proxy(
  {},
  {
    get(_, name) {
      if (!members.has(String(name))) members.set(String(name), memberOf(String(name)))
      return members.get(String(name))
    },
  },
)

// biome-ignore lint/style/noDefaultExport: it has the shape of the module that it stands in for
export { sodium as default }
