// The tests of the sodium for pages, the same file as in Node, in real Chromium: beside the sodium-native of this process.
import { fileURLToPath } from 'node:url'
import native from 'sodium-native'
import { expect, test } from 'vitest'
import { runInPage } from '../../../../tests/browser/run-in-page.ts'
import { answerCall } from './distant-sodium.ts'

const inPage = fileURLToPath(new URL('./sodium-native-in-page.ts', import.meta.url))

test('is byte for byte the same as libsodium in Chromium', async () => {
  const { passed, failed } = await runInPage({
    script: 'packages/hypercore-web/test/browser/sodium-page.ts',
    plugins: [
      {
        name: 'sodium-native-in-page',
        setup: (build) => build.onResolve({ filter: /^sodium-native$/ }, () => ({ path: inPage })),
      },
    ],
    answer: (call) => JSON.stringify(answerCall(native, JSON.parse(call))),
  })
  expect(failed).toEqual([])
  expect(passed.length).toBeGreaterThan(20)
})
