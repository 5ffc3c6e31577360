// The command line on files, and on arguments and inputs that cannot be used.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { clip, endAll, eventOf, runCli, startCli, startDht } from './cli-process.ts'
import { decodingErrors } from './decoding-errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-cli-'))
const file = (name: string, content: string | Uint8Array = '') => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('cut', () => {
  test('gives the same from a file and from a pipe, and what it gives decodes without a word', async () => {
    const out = join(folder, 'cut.webm')
    expect(await runCli(['cut', clip, '--out', out])).toMatchObject({ code: 0, stdout: '' })
    expect(await decodingErrors(out)).toBe('')
    const piped = startCli(['cut', '-', '--out', '-'], { hasMediaOnStdout: true })
    const chunks: Buffer[] = []
    piped.child.stdout.on('data', (chunk) => chunks.push(chunk))
    piped.child.stdin.end(readFileSync(clip))
    expect((await piped.ended).code).toBe(0)
    expect(Buffer.concat(chunks).equals(readFileSync(out))).toBe(true)
  })

  test('ends cleanly when nobody reads its output', async () => {
    const { child, ended } = startCli(['cut', clip, '--out', '-'], { hasMediaOnStdout: true })
    child.stdout.destroy()
    expect(await ended).toMatchObject({ code: 0, signal: null })
  })

  test('does not write over its own input', async () => {
    const own = file('own.webm', readFileSync(clip))
    expect(await runCli(['cut', own, '--out', own])).toMatchObject({ code: 2 })
    expect(readFileSync(own).equals(readFileSync(clip))).toBe(true)
  })
})

describe('inspect', () => {
  test('tells what a file holds, and the ebml package agrees', async () => {
    const { code, stdout } = await runCli(['inspect', clip, '--json'])
    expect(code).toBe(0)
    expect(eventOf(stdout)).toMatchObject({
      event: 'inspection',
      mimeType: 'video/webm; codecs="vp8,opus"',
      epochs: 1,
      gapCount: 0,
      tracks: [
        { kind: 'video', codec: 'vp8' },
        { kind: 'audio', codec: 'opus' },
      ],
      secondOpinion: { docType: 'webm', disagreements: [] },
    })
    const forPeople = await runCli(['inspect', clip])
    expect(forPeople.stdout).toContain('agrees on the headers')
    expect(forPeople.stderr).toBe('')
  })

  test('reports what came before the end of a file that is cut off, and fails', async () => {
    const whole = readFileSync(clip)
    const { code, stdout, stderr } = await runCli(['inspect', file('half.webm', whole.subarray(0, whole.length / 2))])
    expect(code).toBe(1)
    expect(stdout).toContain('Keyframe interval')
    expect(stderr).toContain('ERR_WEBM_TRUNCATED')
  })
})

describe('arguments that cannot be used end with exit code 2 and a way out', () => {
  test.each([
    [['brodcast'], 'There is no command brodcast. Did you mean broadcast?'],
    [['--verison'], 'There is no option --verison'],
    [['watch', 'hypervision:abc', '--htp'], 'There is no option --htp. Did you mean --http?'],
    [['watch'], 'watch needs LINK'],
    [['broadcast'], 'broadcast needs a source'],
    [['cut', 'a.webm'], 'cut needs --out FILE'],
    [['relay', 'a', 'b'], '"b" is one too many'],
    [['bootstrap', '--port', 'x'], '--port must be a whole number from 0 to 65535; "x" was given.'],
    [['watch', 'hypervision:abc', '--out', 'x'], '56 characters are expected after "hypervision:" and 3 were found'],
    [['watch', `hypervision:${'y'.repeat(56)}`, '--out', 'x'], 'its checksum does not match'],
    [['relay', 'https://example.org'], 'begins with neither "hypervision:" nor 64 hex digits'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).toContain('--help')
  })

  test('no command at all is answered with the help', async () => {
    const { code, stdout, stderr } = await runCli([])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Usage: hypervision COMMAND')
  })

  test('a player that is not installed is said', async () => {
    const watch = startCli(['watch', `hypervision:${'y'.repeat(56)}`, '--play'], { env: { PATH: folder } })
    const { code, stderr } = await watch.ended
    expect(code).toBe(2)
    expect(stderr).toContain('ffplay, mpv and vlc are all not on PATH')
  })
})

describe('inputs and outputs that cannot be used end with what to do', () => {
  test.each([
    ['a picture', png, 'ERR_WEBM_NOT_WEBM'],
    ['a web page', '<!doctype html><title>Not found</title>', 'ERR_WEBM_NOT_WEBM'],
    ['nothing', '', 'ERR_WEBM_NOT_WEBM'],
  ])('%s instead of WebM', async (_name, content, errorCode) => {
    const path = file('bad.webm', content)
    for (const args of [
      ['cut', path, '--out', join(folder, 'never.webm')],
      ['inspect', path],
      ['broadcast', path, '--bootstrap', '127.0.0.1:1'],
    ]) {
      const { code, stdout, stderr } = await runCli(args)
      expect([args[0], code, stdout]).toEqual([args[0], 1, ''])
      expect(stderr).toContain(errorCode)
    }
  })

  test.each(['cut', 'inspect', 'broadcast'])('%s of a file that is not there', async (command) => {
    const more = { cut: ['--out', '-'], inspect: [], broadcast: ['--bootstrap', '127.0.0.1:1'] }[command] ?? []
    const { code, stderr } = await runCli([command, join(folder, 'missing.webm'), ...more])
    expect(code).toBe(1)
    expect(stderr).toMatch(/ERR_CAPTURE_INPUT: .*no such file/)
  })

  test('an output that cannot be written', async () => {
    const { code, stderr } = await runCli(['cut', clip, '--out', join(folder, 'nowhere/out.webm')])
    expect(code).toBe(2)
    expect(stderr).toContain('its folder does not exist')
  })

  test('ffmpeg that is not installed', async () => {
    const env = { PATH: folder, HYPERVISION_FFMPEG: undefined }
    const network = ['--bootstrap', await startDht()]
    const { code, stdout } = await startCli(['broadcast', '--test-pattern', ...network, '--json'], { env }).ended
    expect(code).toBe(1)
    expect(eventOf(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'error',
      code: 'ERR_CAPTURE_MISSING',
    })
  })

  test('a program that is no player is passed over', async () => {
    const path = file('ffplay', 'not a program')
    chmodSync(path, 0o644)
    const { code } = await startCli(['watch', 'x', '--play'], { env: { PATH: folder } }).ended
    expect(code).toBe(2)
  })
})

describe('help and version', () => {
  test.each(['broadcast', 'watch', 'relay', 'inspect', 'cut', 'bootstrap'])('%s --help', async (command) => {
    const { code, stdout, stderr } = await runCli([command, '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Usage: hypervision ${command}`)
  })

  test('--version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../packages/cli/package.json', import.meta.url), 'utf8'))
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})
