import fc from 'fast-check'
import { expect, test } from 'vitest'
import { descriptionLines as lines } from '../test/session-description.ts'
import { identityAttribute, maxCandidates, maxSdpLength, readSdp, splitCandidates, writeSdp } from './sdp.ts'

const sdp = lines.map((line) => `${line}\r\n`).join('')
const identify = (): string => 'me'

test('what is written is read again, without the line that says who made it', () => {
  const written = writeSdp(sdp, { relayOnly: false, identify })
  expect(readSdp(written)).toEqual({ sdp, identity: 'me', fingerprints: ['a=fingerprint:sha-256 9D:59'] })
})

test('no address but that of the relay is told where only relays may be used', () => {
  const written = writeSdp(sdp, { relayOnly: true, identify })
  expect(written).toContain('198.51.100.7 3478 typ relay raddr 0.0.0.0 rport 0')
  expect(written).not.toMatch(/192\.0\.2\.2|203\.0\.113\.9|47828/)
})

test('candidates beyond the limit are left out, sent or received', () => {
  const many =
    sdp + Array.from({ length: 50 }, (_, at) => `a=candidate:${at} 1 UDP 1 10.0.0.1 ${at} typ host\r\n`).join('')
  const count = (text: string | undefined): number => text?.match(/a=candidate:/g)?.length ?? 0
  expect(count(readSdp(many)?.sdp)).toBe(maxCandidates)
  expect(count(writeSdp(many, { relayOnly: false, identify }))).toBe(maxCandidates)
})

test('a description is taken at its limits, and not one beyond', () => {
  const padding = (length: number): string => `${sdp}a=${'x'.repeat(length - sdp.length - 4)}\r\n`
  expect(padding(maxSdpLength)).toHaveLength(maxSdpLength)
  expect(readSdp(padding(maxSdpLength))?.fingerprints).toHaveLength(1)
  expect(readSdp(padding(maxSdpLength + 1))).toBe(null)

  const withLines = (count: number): string => sdp + 'a=x\r\n'.repeat(count - lines.length)
  expect(readSdp(withLines(256))?.fingerprints).toHaveLength(1)
  expect(readSdp(withLines(257))).toBe(null)

  const withCandidates = (count: number): string =>
    sdp + Array.from({ length: count - 2 }, (_, at) => `a=candidate:${at} 1 UDP 1 10.0.0.1 ${at} typ host\r\n`).join('')
  expect(readSdp(withCandidates(maxCandidates))?.sdp).toBe(withCandidates(maxCandidates))
  expect(readSdp(withCandidates(maxCandidates + 1))?.sdp).toBe(withCandidates(maxCandidates))
})

test('candidates are taken out with the medium that they belong to', () => {
  const { candidates, mid, sdp: rest } = splitCandidates(sdp)
  expect(mid).toBe('0')
  expect(candidates).toEqual([lines[9]?.slice(2), lines[10]?.slice(2)])
  expect(rest).toBe([...lines.slice(0, 9)].map((line) => `${line}\r\n`).join(''))
})

test.each([
  ['no text', { sdp }],
  ['something else', 'hello'],
  ['too long', sdp + 'a=x\r\n'.repeat(maxSdpLength)],
  ['too many lines', sdp + 'a=x\r\n'.repeat(300)],
  ['video', `${sdp}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`],
  ['no medium', sdp.replace(/m=.*\r\n/, '')],
  ['no certificate', sdp.replace(/a=fingerprint.*\r\n/, '')],
  ['two makers', `${sdp}${identityAttribute}a\r\n${identityAttribute}b\r\n`],
  ['control characters', sdp.replace('rtc', '\u0000')],
  ['other letters', sdp.replace('rtc', 'ü')],
  ['a line without a type', `${sdp}hello\r\n`],
])('a description that is wrong is refused: %s', (_name, wrong) => {
  expect(readSdp(wrong)).toBe(null)
})

test('whatever is made of a description, reading it does not throw, and gives one medium or nothing', () => {
  const parts = fc.array(fc.oneof(fc.constantFrom(...lines), fc.string({ maxLength: 40 })), { maxLength: 40 })
  fc.assert(
    fc.property(parts, fc.constantFrom('\r\n', '\n', '\r'), (some, end) => {
      const read = readSdp(some.join(end))
      expect(read === null || read.sdp.match(/^m=/gm)?.length === 1).toBe(true)
    }),
  )
})
