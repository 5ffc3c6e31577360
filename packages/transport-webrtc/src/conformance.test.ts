import { transportRules } from '@hypervision/testkit'
import { afterAll, beforeAll, it } from 'vitest'
import { type Tracker, tracker } from './tracker/index.ts'
import { webrtc } from './webrtc.ts'

let running: Tracker

beforeAll(async () => {
  running = await tracker({ port: 0 })
})
afterAll(() => running.close())

for (const rule of transportRules({
  setup: () => ({ transport: () => webrtc({ trackers: [running.url], iceServers: [] }) }),
})) {
  it(rule.name, rule.run)
}
