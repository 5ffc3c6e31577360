import type { AddressInfo } from 'node:net'
import { transportRules } from '@hypervision/testkit'
import Server from 'bittorrent-tracker/server'
import { afterAll, beforeAll, it } from 'vitest'
import { webrtc } from '../src/webrtc.ts'

const server = new Server({ http: false, udp: false, stats: false })
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `ws://127.0.0.1:${(server.http.address() as AddressInfo).port}`
})
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

for (const rule of transportRules({
  setup: () => ({ transport: () => webrtc({ trackers: [url], iceServers: [] }) }),
})) {
  it(rule.name, rule.run)
}
