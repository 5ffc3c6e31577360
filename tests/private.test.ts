// Private channels as people use them: processes of their own on a DHT of this machine, a relay without the secret between.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBroadcast, createKeyPair, createRelay, createViewer, HypervisionError } from '@hypervision/core'
import { cutWebm, readCluster } from '@hypervision/core/webm'
import { fakeCapture, memoryNetwork } from '@hypervision/testkit'
import { webrtc } from '@hypervision/transport-webrtc'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { broadcastClip, clip, endAll, runCli, startCli, startDht } from './cli-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-private-'))
afterAll(async () => {
  await endAll()
  rmSync(folder, { recursive: true, force: true })
})

const storage = (name: string): string => join(folder, name)
const clipBytes = (): AsyncIterable<Uint8Array> => bytesOf(readFileSync(clip))

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Pieces of frames of the clip, from the middle of each: what no container and no index has. */
async function framePieces(): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of cutWebm(clipBytes())) {
    if (piece.kind !== 'cluster') continue
    for (const { payload } of readCluster(piece.bytes).frames) {
      const middle = Math.floor(payload.byteLength / 2)
      if (payload.byteLength >= 64) pieces.push(payload.slice(middle - 12, middle + 12))
    }
  }
  return pieces
}

/** How many of the pieces are anywhere in the files of a folder. */
function foundIn(path: string, pieces: readonly Uint8Array[]): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const all = files.map((file) => readFileSync(join(file.parentPath, file.name)))
  return pieces.filter((piece) => all.some((bytes) => bytes.includes(Buffer.from(piece)))).length
}

async function payloadsOf(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const payloads: string[] = []
  for await (const piece of cutWebm(bytes)) {
    if (piece.kind !== 'cluster') continue
    for (const { payload } of readCluster(piece.bytes).frames) payloads.push(Buffer.from(payload).toString('base64'))
  }
  return payloads
}

it('plays through a relay that has no secret and holds no plaintext frame', async () => {
  const pieces = await framePieces()
  expect(pieces.length).toBeGreaterThan(50)
  const onDht = ['--bootstrap', await startDht(), '--json']
  const { url } = await startCli(['tracker', '--port', '0', '--json']).event('listening')
  const broadcast = startCli(['broadcast', '-', '--private', '--storage', storage('source'), ...onDht])
  broadcast.child.stdin.write(readFileSync(clip))
  const { link } = await broadcast.event('live')
  const [address = '', secret] = String(link).split('#')
  expect(secret).toHaveLength(56)

  // The broadcaster is on the DHT only, the viewer on the tracker only: nothing but the relay is on both.
  const blind = ['relay', address, '--keep', 'all', '--storage', storage('blind')]
  const relay = startCli([...blind, '--tracker', String(url), '--ice', 'none', ...onDht])
  const transports = () => [webrtc({ trackers: [String(url)], iceServers: [] })]
  const viewer = await createViewer({ link: String(link), transports: transports(), from: 'start' })
  onTestFinished(() => viewer.close())
  const seen = payloadsOf(viewer.stream)
  await expect.poll(() => viewer.stats().verifiedBlocks).toBeGreaterThan(20)
  expect(Object.keys(viewer.stats().peersByTransport)).toEqual(['webrtc'])
  expect(viewer.stats().peers).toHaveLength(1)

  const outsider = await createViewer({ link: address, transports: transports() })
  onTestFinished(() => outsider.close())
  await expect(payloadsOf(outsider.stream)).rejects.toMatchObject({ code: 'ERR_SECRET_MISSING' })

  broadcast.child.stdin.end()
  expect(await seen).toEqual(await payloadsOf(clipBytes()))
  const { feedBlocks } = viewer.stats()
  await relay.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) >= feedBlocks)
  relay.child.kill('SIGINT')
  expect((await relay.ended).stdout).not.toContain(secret)
  expect(foundIn(storage('blind'), pieces)).toBe(0)
  expect(foundIn(storage('source'), pieces)).toBe(0)
})

it('would find the frames in the storage of a relay of a public channel', async () => {
  const pieces = await framePieces()
  const network = memoryNetwork()
  const broadcast = await createBroadcast({ capture: clipBytes(), transports: [network.transport()] })
  const relay = await createRelay({
    link: broadcast.link,
    keep: 'all',
    storage: storage('public'),
    transports: [network.transport()],
  })
  await broadcast.ended
  await expect.poll(() => relay.stats().verifiedBlocks).toBe(broadcast.stats().blocks)
  await Promise.all([relay.close(), broadcast.close()])
  // All but those that the database writes in two parts.
  expect(foundIn(storage('public'), pieces)).toBeGreaterThan(pieces.length * 0.95)
})

it('says in words what is wrong with a secret, on the command line', async () => {
  const onDht = ['--bootstrap', await startDht()]
  const args = ['--private', '--storage', storage('cli'), ...onDht]
  const { broadcast: first, link } = await broadcastClip(args)
  const [address = ''] = link.split('#')
  const [missing, wrong] = await Promise.all([
    runCli(['watch', address, '--out', storage('none.webm'), ...onDht]),
    runCli(['watch', `${link.slice(0, -2)}yy`, '--out', storage('none.webm'), ...onDht]),
  ])
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ERR_SECRET_MISSING: This channel is private/),
  })
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/the checksum of its secret does not match/) })
  expect(wrong.stderr).not.toContain('#')
  first.child.kill('SIGKILL')
  await first.ended

  const { broadcast: changed, link: newLink } = await broadcastClip(['--rotate-secret', ...args])
  expect(newLink.split('#')[0]).toBe(address)
  expect(newLink).not.toBe(link)
  expect(await runCli(['watch', link, '--out', storage('none.webm'), ...onDht])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ERR_SECRET_CHANGED: The broadcaster changed the secret/),
  })
  changed.child.kill('SIGKILL')
})

it('keeps the link in the storage, and lets a channel stay what it began as', async () => {
  const start = async (name: string, isPrivate: boolean) => {
    const broadcast = await createBroadcast({ capture: clipBytes(), storage: storage(name), private: isPrivate })
    await broadcast.close()
    return broadcast.link
  }
  const link = await start('kept', true)
  expect(link).toContain('#')
  expect(await start('kept', true)).toBe(link)
  await expect(start('kept', false)).rejects.toMatchObject({ code: 'ERR_FEED_STORAGE_PRIVATE' })
  expect(await start('open', false)).not.toContain('#')
  await expect(start('open', true)).rejects.toMatchObject({ code: 'ERR_FEED_STORAGE_PRIVATE' })
})

it('serves those on the list of the command line, who have told their ids', async () => {
  const onDht = ['--bootstrap', await startDht()]
  const [friends, strangers] = [storage('friend'), storage('stranger')]
  writeFileSync(friends, `${'0a'.repeat(32)}\n`)
  const id = Buffer.from(createKeyPair(new Uint8Array(32).fill(10)).publicKey).toString('hex')
  const { broadcast, link } = await broadcastClip(['--allow', `${id},${'0'.repeat(64)}`, ...onDht])
  const watch = (identity: string) =>
    startCli(['watch', link, '--identity', identity, '--out', `${identity}.webm`, ...onDht, '--json'])
  const [friend, stranger] = [watch(friends), watch(strangers)]
  expect(await stranger.event('warning')).toMatchObject({ code: 'ERR_TRANSPORT_REFUSED' })
  expect(statSync(strangers).mode & 0o777).toBe(0o600)
  expect(await friend.event('identity')).toMatchObject({ id })
  await friend.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 5)
  for (const each of [stranger, friend, broadcast]) each.child.kill('SIGKILL')
})

it('stops who has the old link when the secret is changed on air, and goes on for who has the new one', async () => {
  const network = memoryNetwork()
  const capture = fakeCapture({ frameRate: 50, keyframeEvery: 10 })
  const broadcast = await createBroadcast({
    capture,
    transports: [network.transport()],
    private: true,
    title: 'Friday show',
  })
  onTestFinished(() => broadcast.close())
  const watch = async (link: string) => {
    const viewer = await createViewer({ link, transports: [network.transport()], from: 'start' })
    onTestFinished(() => viewer.close())
    const seen: number[] = []
    const watching = (async () => {
      for await (const block of viewer.blocks) seen.push(block.index)
    })()
    watching.catch(() => {})
    return { viewer, seen, watching }
  }
  const oldLink = broadcast.link
  const before = await watch(oldLink)
  await expect.poll(() => before.seen.length).toBeGreaterThan(5)
  await expect.poll(() => before.viewer.metadata?.title).toBe('Friday show')
  const relay = await createRelay({ link: oldLink, transports: [network.transport()] })
  onTestFinished(() => relay.close())
  expect(relay.link).toBe(oldLink.replace(/#.*/, ''))
  const newLink = await broadcast.rotateSecret()
  expect(broadcast.link).toBe(newLink)
  await expect(before.watching).rejects.toMatchObject({ code: 'ERR_SECRET_CHANGED' })
  const after = await watch(newLink)
  await expect.poll(() => after.seen.length).toBeGreaterThan(before.seen.length + 5)
  expect(after.seen.slice(0, before.seen.length)).toEqual(before.seen)
  await expect.poll(() => after.viewer.metadata?.title).toBe('Friday show')
  expect(relay.stats().verifiedBlocks).toBeGreaterThan(0)
  expect(relay.metadata).toBe(null)
  await expect(createViewer({ link: oldLink.replace(/#.*/, '#short') })).rejects.toBeInstanceOf(HypervisionError)
})
