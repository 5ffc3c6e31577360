// Who may look into the folder of a channel.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openCore } from './open-core.ts'

it.skipIf(process.platform === 'win32')(
  'makes a folder that holds a key pair for its owner alone, and leaves one as it is that is there',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hypervision-mode-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const umask = process.umask(0o022)
    onTestFinished(() => void process.umask(umask))
    const modeOf = (name: string): number => statSync(join(folder, name)).mode & 0o777

    const written = await openCore({ storage: join(folder, 'channels', 'friday') })
    const { key } = written
    await written.close()
    expect([modeOf('channels'), modeOf('channels/friday')]).toEqual([0o755, 0o700])
    const watched = await openCore({ storage: join(folder, 'watched'), key })
    await watched.close()
    expect(modeOf('watched')).toBe(0o755)
    await (await openCore({ storage: join(folder, 'watched'), key })).close()
    expect(modeOf('watched')).toBe(0o755)
  },
)
