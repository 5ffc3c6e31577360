import type { HypervisionError } from '@hypervision/core/contracts'
import { describe, expect, test } from 'vitest'
import { parseArguments } from '../options/parse-arguments.ts'
import { selectCapture, sourceOptions } from './broadcast-source.ts'

function sourceOf(...args: string[]) {
  const { values, positionals } = parseArguments(sourceOptions, args)
  return selectCapture(values, positionals[0])
}

describe('the source of a broadcast', () => {
  test.each([
    [['show.webm'], 'webm-file'],
    [['Show.WEBM', '--loop'], 'webm-file'],
    [['show.webm', '--bitrate', '500k'], 'ffmpeg'],
    [['show.mp4'], 'ffmpeg'],
    [['https://example.org/live.m3u8'], 'ffmpeg'],
    [['--test-pattern', '--size', '640x360'], 'ffmpeg'],
    [['--camera'], 'ffmpeg'],
    [['--screen'], 'ffmpeg'],
    [['-'], 'stdin'],
  ])('%j is read by %s', (args, name) => {
    expect(sourceOf(...args).capture.name).toBe(name)
  })

  test('is announced before there is media where a person has to begin sending', () => {
    expect(sourceOf('--rtmp', '19350').waitsFor).toContain('rtmp://THIS-MACHINE:19350/live')
    expect(sourceOf('show.webm').waitsFor).toBeNull()
  })

  test.each([
    [[], 'broadcast needs a source'],
    [['show.webm', '--camera=x'], 'show.webm and --camera are given'],
    [['--camera', '--screen'], '--camera and --screen are given'],
    [['--test-pattern', '--loop'], '--loop goes with a file'],
    [['-', '--loop'], '--loop goes with a file'],
    [['-', '--codec', 'vp9'], '--codec does not go with stdin'],
    [['https://example.org/a', '--loop'], '--loop goes with a file'],
  ])('%j: %s', (args, message) => {
    expect(() => sourceOf(...args)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION_INVALID',
        message: expect.stringContaining(message),
      }) as HypervisionError,
    )
  })
})
