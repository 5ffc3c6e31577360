/** The channel that a command is told to read: by its link over the network or, for `record` and `serve`, what a storage folder holds. */
import { stat } from 'node:fs/promises'
import { createViewer, HypervisionError, storedLink, type Viewer } from '@hypervision/core'
import type { CommandContext } from '../options/command.ts'
import { usageError, value } from '../options/option.ts'
import { numberFrom } from '../options/value-text.ts'
import { tellIdentity } from './access-options.ts'
import { maxUploadsOption, type NetworkValues, networkOptions, nodeOptions, storageOption } from './network-options.ts'

/** `--timeout` */
export const timeoutOption = value(
  'SECONDS',
  'Give up when nobody who has the channel was found for so long. Default: never',
  numberFrom(0.1, 86_400, 'seconds'),
)

/** The same, as core takes it. */
export function timeoutMs({ timeout }: { readonly timeout?: number | undefined }): { timeoutMs?: number } {
  return timeout === undefined ? {} : { timeoutMs: Math.round(timeout * 1000) }
}

/** Options of `record` and `serve`: which channel, and how it is reached. */
export const channelOptions = {
  timeout: timeoutOption,
  storage: storageOption('Folder that keeps what is received; without LINK, the one that holds the channel'),
  'max-uploads': maxUploadsOption,
  ...networkOptions,
}

interface ChannelValues extends NetworkValues {
  readonly storage?: string | undefined
  readonly timeout?: number | undefined
  readonly 'max-uploads'?: number | undefined
}

/**
 * Opens a viewer.
 *
 * @param link undefined for the channel of `--storage`, without a network
 * @throws HypervisionError ERR_OPTION_…, ERR_FEED_STORAGE…, ERR_TRANSPORT_…
 */
export async function openChannel(
  { reporter, signal }: CommandContext,
  command: string,
  link: string | undefined,
  values: ChannelValues,
): Promise<Viewer> {
  const viewer = await createViewer(
    link === undefined
      ? { ...(await storedChannel(command, values)), signal }
      : {
          link,
          signal,
          ...nodeOptions(values),
          ...timeoutMs(values),
        },
  )
  viewer.addEventListener('warning', ({ detail }) => reporter.warning(detail.error))
  if (link !== undefined) tellIdentity(reporter, values.identity, viewer)
  return viewer
}

async function storedChannel(command: string, values: ChannelValues): Promise<{ link: string; storage: string }> {
  const { storage, bootstrap, tracker, 'no-dht': isWithoutDht } = values
  if (storage === undefined) throw usageError(`${command} needs LINK, or --storage DIR with a channel in it.`)
  if (bootstrap.length > 0 || tracker.length > 0 || isWithoutDht) {
    throw usageError('Without LINK there is no network: leave its options out, or name the channel.')
  }
  const folder = await stat(storage).catch(() => null)
  if (folder === null) {
    throw new HypervisionError('ERR_FEED_STORAGE', `There is no folder ${storage}. Check the path.`, {
      detail: { storage },
    })
  }
  return { link: await storedLink(storage), storage }
}
