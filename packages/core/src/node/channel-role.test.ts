import { expect, test } from 'vitest'
import type { Transport } from '../contracts/index.ts'
import { createRelay } from '../relay/create-relay.ts'

const link = 'hypervision:yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhdoqba8yhd3u4yu'

/** A transport without peers that has trouble while it is opened, and is open when `isOpen` resolves. */
function transport(name: string, troubles: readonly Error[], isOpen: Promise<void>): Transport {
  return {
    name,
    async open({ onerror }) {
      troubles.forEach(onerror)
      await isOpen
      return {
        join: () => ({ ready: Promise.resolve(), leave: async () => {} }),
        setMaxConnections() {},
        close: async () => {},
      }
    },
  }
}

/** Opens a relay while one of its transports has trouble; hears as many warnings as are expected. */
async function warningsOf(troubles: readonly Error[], expected: number): Promise<Error[]> {
  let open = (): void => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  const opening = createRelay({
    link,
    transports: [transport('a', troubles, Promise.resolve()), transport('b', [], isOpen)],
  })
  setImmediate(open)
  const relay = await opening
  const heard: Error[] = []
  await new Promise<void>((resolve) => {
    relay.addEventListener('warning', ({ detail }) => {
      heard.push(detail.error)
      if (heard.length === expected) resolve()
    })
  })
  await relay.close()
  return heard
}

test('a transport that has trouble before the others are open is heard', async () => {
  const [first, second] = [new Error('the tracker is gone'), new Error('so is the other')]
  expect(await warningsOf([first, second], 2)).toEqual([first, second])
})

test('of a flood of early warnings the first 16 are told', async () => {
  const flood = Array.from({ length: 100 }, (_, at) => new Error(String(at)))
  expect(await warningsOf(flood, 16)).toEqual(flood.slice(0, 16))
})
