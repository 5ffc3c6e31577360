// Headers of requests to `serve` and `watch --http`: each line is one, of Range, If-None-Match, Host and Origin.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { allowLocalPages, isHostAllowed } from '../../src/http/access.ts'
import { namesTag, readRange } from '../../src/http/byte-range.ts'

export const target: FuzzTarget = {
  name: 'http-headers',
  maxInputBytes: 600,
  words: [
    'bytes=',
    '-',
    '9007199254740993',
    'W/"',
    '"a"',
    '*',
    'localhost',
    '127.0.0.1',
    '[::1]',
    '@',
    'http://',
    '.localhost',
    '0x7f.1',
    '\t',
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const [range = '', tags = '', host = '', origin = ''] = Buffer.from(input).toString('latin1').split('\n')
  for (const length of [1, 5000, 2 ** 40]) {
    const read = readRange(range, length)
    if (read === null || read === 'unsatisfiable') continue
    const isWithin = read.start >= 0 && read.start < read.end && read.end <= length
    demand(isWithin && Number.isInteger(read.start) && Number.isInteger(read.end), `reads ${read.start} to ${read.end}`)
  }
  demand(!namesTag(tags, '"a"') || tags.includes('"a"') || tags.includes('*'), 'finds a tag that is not there')
  const request = { headers: { host, origin } } as IncomingMessage
  if (isHostAllowed(request, 'box.example')) {
    const { hostname } = new URL(`http://${host}`)
    demand(/^(.*\.)?localhost$|^\[|^[\d.]+$|^box\.example$/.test(hostname), `answers to ${hostname}`)
  }
  const headers = new Map<string, string>()
  const response = { setHeader: (name: string, value: string) => void headers.set(name, value) }
  allowLocalPages(request, response as unknown as ServerResponse)
  const allowed = headers.get('access-control-allow-origin')
  if (allowed === undefined) return
  demand(/^((.*\.)?localhost|\[::1\]|127(\.\d+){3})$/.test(new URL(allowed).hostname), `lets ${allowed} read`)
}
