// docs/feed-format.md is what others write readers by: its vectors have to be what the code makes and reads.
import { readFileSync } from 'node:fs'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { hash, keyPair } from 'hypercore-crypto'
import { expect, it } from 'vitest'
import { formatLink, parseLink } from '../link/link.ts'
import { openBlock, readSealedHead, sealBlock } from '../sealing/sealed-block.ts'
import { deriveSecret, secretKeys } from '../sealing/secret-keys.ts'
import { WebmCutter } from '../webm/index.ts'
import { decodeBlockIndex, encodeBlockIndex } from './block-index.ts'
import { readFeedBlock } from './feed-block.ts'
import { FeedWriter } from './feed-writer.ts'

const text = readFileSync(new URL('../../../../docs/feed-format.md', import.meta.url), 'utf8')

/** The rows of the table with these headings, as texts without backticks. */
function rowsUnder(...headings: string[]): string[][] {
  const rows = text.split('\n').map((line) => {
    if (!line.startsWith('|')) return []
    return line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim())
  })
  const start = rows.findIndex((row) => row.join('|') === headings.join('|')) + 2
  const length = rows.slice(start).findIndex((row) => row.length === 0)
  return rows.slice(start, start + length)
}

/** The bytes of the annotated blocks: each line is pairs of hex digits, then words. */
function annotatedBlocks(): string[] {
  const [, section = ''] = text.split('\n## A whole feed')
  return [...section.matchAll(/```text\n([^`]*)```/g)].map(([, lines = '']) =>
    lines
      .split('\n')
      .map((line) => /^ *((?:[0-9a-f]{2} {1,2})*[0-9a-f]{2})(?: |$)/.exec(line)?.[1] ?? '')
      .join('')
      .replaceAll(' ', ''),
  )
}

it('has index vectors that the code writes and reads', () => {
  const rows = rowsUnder('index', 'block number', 'flags', 'initDistance', 'keyDistance')
  expect(rows).toHaveLength(6)
  for (const [hex = '', blockNumber, flags, initDistance, keyDistance] of rows) {
    const index = {
      init: flags === 'init',
      key: flags === 'key',
      end: flags === 'end',
      initDistance: Number(initDistance),
      keyDistance: Number(keyDistance),
    }
    expect(b4a.toString(encodeBlockIndex(index), 'hex')).toBe(hex)
    expect(decodeBlockIndex(b4a.from(hex, 'hex'), Number(blockNumber))).toEqual(index)
  }
})

it('has refused vectors that the code refuses', () => {
  const [, list = ''] = text.split('These are refused:')
  const vectors = [...(list.split('\n\n')[0] ?? '').matchAll(/`([0-9a-f]+)`/g)].map(([, hex = '']) => hex)
  expect(vectors).toHaveLength(10)
  for (const hex of vectors) expect(() => decodeBlockIndex(b4a.from(hex, 'hex'), 100), hex).toThrow()
})

it('has links that the code writes and reads', () => {
  const rows = rowsUnder('key', 'checksum', 'link')
  expect(rows).toHaveLength(2)
  for (const [key = '', , link = ''] of rows) {
    expect(formatLink(b4a.from(key, 'hex'))).toBe(link)
    expect(b4a.toString(parseLink(link), 'hex')).toBe(key)
  }
})

it('says how a channel key follows from the public key', () => {
  const { publicKey } = keyPair(b4a.alloc(32, 1))
  const manifest = { version: 1, hash: 'blake2b', quorum: 1, signers: [{ signature: 'ed25519', publicKey }] }
  const key = (Hypercore as unknown as { key(of: object): Uint8Array }).key(manifest)
  expect(text).toContain(`\`${b4a.toString(publicKey, 'hex')}\``)
  expect(text).toContain(`\`${b4a.toString(key, 'hex')}\``)
})

it('shows a whole feed, byte for byte', async () => {
  const [input = '', ...documented] = annotatedBlocks()
  const blocks: Uint8Array[] = []
  const log = {
    get length() {
      return blocks.length
    },
    read: async (blockNumber: number) => blocks[blockNumber] ?? b4a.alloc(0),
    append: async (block: Uint8Array) => {
      blocks.push(block)
    },
  }
  const writer = await FeedWriter.open(log, { title: () => 'Friday show' })
  const zeroAtMs = Date.UTC(2026, 0, 1, 20, 15)
  const cutter = new WebmCutter({ startEpoch: (epoch) => writer.startEpoch({ ...epoch, zeroAtMs }) })
  for (const piece of [...cutter.push(b4a.from(input, 'hex')), ...cutter.end()]) await writer.append(piece)
  await writer.end()
  expect(documented).toEqual(blocks.map((block) => b4a.toString(block, 'hex')))
  expect(blocks.map((block, number) => readFeedBlock(block, number).kind)).toEqual([
    'init',
    'cluster',
    'cluster',
    'end',
  ])
})

const privateChannelKey = (): Uint8Array => {
  const { publicKey } = keyPair(b4a.alloc(32, 1))
  return Hypercore.key({
    version: 1,
    hash: 'blake2b',
    quorum: 1,
    signers: [{ signature: 'ed25519', publicKey }],
  } as never)
}
const secretOf = (changes: number) =>
  secretKeys(deriveSecret(b4a.alloc(32, 1), privateChannelKey(), changes), privateChannelKey())

it('has secrets of a private channel that the code derives', () => {
  const rows = rowsUnder('changed', 'secret', 'id', 'block key', 'link, from the # on')
  expect(rows).toHaveLength(2)
  for (const [changed, secret, id, block, fragment] of rows) {
    const keys = secretOf(Number(changed))
    const hex = [keys.secret, keys.id, keys.block].map((bytes) => b4a.toString(bytes, 'hex'))
    expect(hex).toEqual([secret, id, block])
    expect(formatLink(privateChannelKey(), keys.secret)).toBe(formatLink(privateChannelKey()) + fragment)
  }
})

it('has encrypted blocks that the code makes and opens', () => {
  const [, initHex = '', clusterHex = ''] = annotatedBlocks()
  const nonce = Uint8Array.from({ length: 24 }, (_, at) => at)
  const [, documented = ''] = /```hex\n([^`]*)```/.exec(text) ?? []
  const place = { channelKey: privateChannelKey(), number: 1 }
  const sealed = sealBlock(b4a.from(clusterHex, 'hex'), place, secretOf(0), [], nonce)
  expect(b4a.toString(sealed, 'hex')).toBe(documented.replaceAll(/\s/g, ''))
  expect(text).toContain(`${sealed.byteLength} bytes:\n\n\`\`\`hex`)
  const head = readSealedHead(sealed, 1)
  expect(head && b4a.toString(openBlock(sealed, head, place, secretOf(0)).block, 'hex')).toBe(clusterHex)
  const init = sealBlock(b4a.from(initHex, 'hex'), { ...place, number: 0 }, secretOf(1), [secretOf(0)], nonce)
  expect(text).toContain(`${init.byteLength} bytes, is\n\`${b4a.toString(hash(init), 'hex')}\``)
})
