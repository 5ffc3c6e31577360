/** A process with two connected peers. Its argument says how it ends: `close` closes them, `exit` does not. */
import { webrtc } from '../src/index.ts'
import { tracker } from '../src/tracker/index.ts'

const running = await tracker({ port: 0 })
const topic = new Uint8Array(32)
// Ed25519 key pairs of RFC 8032, section 7.1.
const keys = [
  '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
]
const connected: Promise<void>[] = []
const sessions = await Promise.all(
  keys.map((key) => {
    const secretKey = Uint8Array.from(Buffer.from(key, 'hex'))
    let resolve = (): void => {}
    connected.push(
      new Promise((done) => {
        resolve = done
      }),
    )
    return webrtc({ trackers: [running.url], iceServers: [] }).open({
      keyPair: { publicKey: secretKey.slice(32), secretKey },
      maxConnections: 4,
      accept: () => true,
      onconnection({ stream }) {
        stream.on('data', () => {})
        stream.on('drain', () => stream.write(new Uint8Array(100_000)))
        stream.write(new Uint8Array(200_000))
        resolve()
      },
      onerror: (error) => console.error(error.message),
    })
  }),
)
for (const session of sessions) session.join(topic, { announce: true, lookup: true })
await Promise.all(connected)
console.log('connected')
if (process.argv[2] === 'exit') process.exit(3)
await Promise.all(sessions.map((session) => session.close()))
await running.close()
