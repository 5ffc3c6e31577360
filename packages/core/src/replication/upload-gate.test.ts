import b4a from 'b4a'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { UploadGate } from './upload-gate.ts'

/** A viewer that has some blocks, and another one that can have them from it alone. */
async function viewerBehindViewer({ length = 3, has = [0, 1, 2] } = {}) {
  const writer = await openLog()
  for (let index = 0; index < length; index++) await writer.log.append(b4a.from(String.fromCharCode(97 + (index % 26))))
  const taker = await openLog(writer.core.key)
  const gate = new UploadGate(taker.core, false)
  const above = new SteppedLink(taker.core, writer.core)
  const got = has.map((index) => taker.core.get(index))
  for (let trip = 0; trip < 6; trip++) await above.exchange()
  await Promise.all(got)
  const newcomer = await openLog(writer.core.key)
  const below = new SteppedLink(newcomer.core, taker.core)
  onTestFinished(async () => {
    below.destroy()
    above.destroy()
    for (const { close } of [newcomer, taker, writer]) await close()
  })
  return { taker, gate, newcomer, below }
}

it('gives no block while it is closed, also to a peer that asks for one it was not offered', async () => {
  const { taker, newcomer, below } = await viewerBehindViewer()
  let uploads = 0
  taker.core.on('upload', () => uploads++)
  const got = newcomer.core.get(1, { timeout: 300 })
  const failed = expect(got).rejects.toThrow('timed out')
  for (let trip = 0; trip < 4; trip++) await below.exchange()
  const peer = taker.core.peers.find(({ remoteLength }) => remoteLength === 0)
  await peer?.onrequest({
    id: 7,
    fork: 0,
    block: { index: 1, nodes: 0 },
    hash: null,
    seek: null,
    upgrade: null,
  } as never)
  await below.exchange()
  await failed
  expect(uploads).toBe(0)
  expect(await newcomer.core.has(1)).toBe(false)
})

it('offers what is stored to everybody once it is opened', async () => {
  const { gate, newcomer, below } = await viewerBehindViewer()
  const got = newcomer.core.get(1)
  for (let trip = 0; trip < 3; trip++) await below.exchange()
  gate.isOpen = true
  for (let trip = 0; trip < 6; trip++) await below.exchange()
  expect(b4a.toString((await got) ?? b4a.alloc(0))).toBe('b')
})

it('is asked by whoever has waited for long', async () => {
  const { gate, newcomer, below } = await viewerBehindViewer()
  const got = newcomer.core.get(1)
  for (let trip = 0; trip < 50; trip++) await below.exchange()
  gate.isOpen = true
  for (let trip = 0; trip < 6; trip++) await below.exchange()
  expect(b4a.toString((await got) ?? b4a.alloc(0))).toBe('b')
})

it('offers old blocks of a long log once it is opened', async () => {
  const { gate, newcomer, below } = await viewerBehindViewer({ length: 400, has: [10, 399] })
  const got = newcomer.core.get(10)
  for (let trip = 0; trip < 3; trip++) await below.exchange()
  gate.isOpen = true
  for (let trip = 0; trip < 6; trip++) await below.exchange()
  expect(b4a.toString((await got) ?? b4a.alloc(0))).toBe('k')
})

it('gives nothing more once it is closed again', async () => {
  const { taker, gate, newcomer, below } = await viewerBehindViewer()
  gate.isOpen = true
  const got = newcomer.core.get(0)
  for (let trip = 0; trip < 6; trip++) await below.exchange()
  await got
  gate.isOpen = false
  let uploads = 0
  taker.core.on('upload', () => uploads++)
  const late = newcomer.core.get(2, { timeout: 300 })
  const failed = expect(late).rejects.toThrow()
  for (let trip = 0; trip < 4; trip++) await below.exchange()
  await failed
  expect(uploads).toBe(0)
})
