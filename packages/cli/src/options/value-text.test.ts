import { describe, expect, test } from 'vitest'
import {
  bitrate,
  dateTime,
  endPosition,
  hostPort,
  iceServer,
  numberFrom,
  oneOf,
  pictureSize,
  recordStart,
  startPosition,
} from './value-text.ts'

describe('values', () => {
  test.each([
    ['800k', 800_000],
    ['2.5M', 2_500_000],
    ['64000', 64_000],
  ])('a bitrate of %s is %d bits per second', (text, bits) => {
    expect(bitrate(text)).toBe(bits)
  })

  test.each(['fast', '-1', '5', '800kb', ''])('"%s" is no bitrate', (text) => {
    expect(() => bitrate(text)).toThrow('bits per second')
  })

  test('a size is width and height', () => {
    expect(pictureSize('1280x720')).toEqual({ width: 1280, height: 720 })
    for (const text of ['1280', '1280x', '1x1', '1280*720']) expect(() => pictureSize(text)).toThrow('WIDTHxHEIGHT')
  })

  test('a start is a word or seconds', () => {
    expect(startPosition('live')).toBe('live')
    expect(startPosition('start')).toBe('start')
    expect(startPosition('30')).toEqual({ secondsAgo: 30 })
    for (const text of ['later', '-3', '1e3', '']) expect(() => startPosition(text)).toThrow('live, start')
  })

  test('a time is a day that there is, and a time of day', () => {
    expect(dateTime('2026-01-31T20:15Z')).toEqual(new Date('2026-01-31T20:15:00Z'))
    expect(dateTime('2026-01-31 20:15:30+01:00')).toEqual(new Date('2026-01-31T19:15:30Z'))
    expect(dateTime('2028-02-29T20:15')).toEqual(new Date(2028, 1, 29, 20, 15))
    const wrong = ['tomorrow', '2026-01-31', '20:15', '2026-02-29T20:15Z', '2026-13-01T20:15', '1969-12-31T20:15Z', '']
    for (const text of wrong) expect(() => dateTime(text)).toThrow('2026-01-31T20:15')
  })

  test('a span begins and ends at a word, seconds before the live edge, or a time', () => {
    expect(recordStart('live')).toBe('live')
    expect(recordStart('start')).toBe('start')
    expect(endPosition('end')).toBe('end')
    expect(endPosition('live')).toBe('live')
    for (const read of [recordStart, endPosition]) {
      expect(read('12.5')).toEqual({ secondsAgo: 12.5 })
      expect(read('2026-01-31T20:15Z')).toEqual({ time: new Date('2026-01-31T20:15:00Z') })
      for (const wrong of ['noon', '-3', '1e3', '']) expect(() => read(wrong)).toThrow('a number of seconds')
      expect(() => read('2026-02-30T20:15')).toThrow('a date')
    }
    expect(() => recordStart('end')).toThrow('live, start')
    expect(() => endPosition('start')).toThrow('end, live')
  })

  test('a node has a host and a port', () => {
    for (const text of ['127.0.0.1:1', 'dht.example.org:49737', '[::1]:65535']) expect(hostPort(text)).toBe(text)
    for (const text of ['127.0.0.1', 'a:0', 'a:65536', ':1', '::1:1', 'http://a:1']) {
      expect(() => hostPort(text)).toThrow('HOST:PORT')
    }
  })

  test('an ICE server is STUN, TURN with whom it is for, or none', () => {
    expect(iceServer('none')).toBe('none')
    expect(iceServer('stun:stun.example.org:3478')).toEqual({ urls: 'stun:stun.example.org:3478' })
    expect(iceServer('turns:me:p%40ss%3A@turn.example.org:5349?transport=tcp')).toEqual({
      urls: 'turns:turn.example.org:5349?transport=tcp',
      username: 'me',
      credential: 'p@ss:',
    })
    for (const text of ['turn:host:3478', 'turn:me@host:3478', 'stun:me:secret@host', 'http://host', 'stun:', '']) {
      expect(() => iceServer(text)).toThrow('turn:USER:PASSWORD@HOST:PORT')
    }
    expect(() => iceServer('turn:me:100%@host:3478')).toThrow('%25')
  })

  test('a number and a word say what is allowed', () => {
    expect(numberFrom(0.1, 10, 'seconds')('0.5')).toBe(0.5)
    expect(() => numberFrom(0.1, 10, 'seconds')('11')).toThrow('a number of seconds from 0.1 to 10')
    expect(() => oneOf('live', 'all', 'none')('some')).toThrow('be live, all or none')
  })
})
