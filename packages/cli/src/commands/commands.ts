/** All commands, in the order of the help. */
import type { Command } from '../options/command.ts'
import { bootstrapCommand } from './bootstrap.ts'
import { broadcastCommand } from './broadcast.ts'
import { cutCommand } from './cut.ts'
import { inspectCommand } from './inspect.ts'
import { recordCommand } from './record.ts'
import { relayCommand } from './relay.ts'
import { serveCommand } from './serve.ts'
import { trackerCommand } from './tracker.ts'
import { watchCommand } from './watch.ts'

/** The commands. */
export const commands: readonly Command[] = [
  broadcastCommand,
  watchCommand,
  recordCommand,
  serveCommand,
  relayCommand,
  inspectCommand,
  cutCommand,
  bootstrapCommand,
  trackerCommand,
]
