/** Options of every command that takes part in the network. */
import type { NodeOptions, Transport } from '@hypervision/core'
import { dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { flag, list, type Option, type OptionValues, usageError, value } from '../options/option.ts'
import { type RetainText, retain } from '../options/retain-text.ts'
import { hostPort, type IceServerText, iceServer, numberFrom, text, wholeNumber } from '../options/value-text.ts'
import { accessFrom, accessOptions } from './access-options.ts'

/** `--bootstrap`, `--no-dht`, `--tracker`, `--ice`, `--max-peers`, `--upload-limit`, `--allow`, `--identity` */
export const networkOptions = {
  bootstrap: list(
    'HOST:PORT',
    'Node of the DHT to begin with, instead of the public ones; repeatable. See hypervision bootstrap',
    hostPort,
  ),
  'no-dht': flag('Leave the DHT out; there has to be a --tracker then'),
  tracker: list(
    'URL',
    'Reach pages, and others over WebRTC, by this tracker (wss:// or ws://) as well; repeatable. See hypervision tracker',
    text,
  ),
  ice: list(
    'URL',
    'STUN or TURN server for WebRTC (stun:HOST:PORT, turn:USER:PASSWORD@HOST:PORT), or none; repeatable. Default: public STUN servers',
    iceServer,
  ),
  'max-peers': value(
    'NUMBER',
    'Most connections at once, 1 to 1024. Default: 32 to broadcast, 20 otherwise',
    wholeNumber(1, 1024),
  ),
  'upload-limit': value(
    'KBIT',
    'Most kbit/s of the stream to send, 8 and up, over all connections. Default: as much as the line carries',
    numberFrom(8, 100_000_000),
  ),
  ...accessOptions,
}

/** `--max-uploads` */
export const maxUploadsOption = value(
  'COPIES',
  'Most copies of the stream to pass on, 0 to 64, such as 0.5 for a narrow uplink; 0 uploads nothing. Default: 4',
  numberFrom(0, 64),
)

/**
 * `--storage`
 *
 * @param what what the folder is for
 */
export function storageOption(what: string): Option<string | undefined> {
  return value('DIR', `${what}. Default: memory, gone at the end`, text)
}

/** `--retain` */
export const retainOption = value(
  'HOW MUCH',
  'Keep no more of the channel than a time (90s, 30m, 1h, 2d), bytes (500MB, 2GB), or the less of both (1h,2GB). Default: all',
  retain,
)

/** `--storage`, `--retain`, `--max-uploads` and {@link networkOptions}, of commands that pass on what they take. */
export const passOnOptions = {
  storage: storageOption('Folder that keeps what is received, so that it is there the next time'),
  retain: retainOption,
  'max-uploads': maxUploadsOption,
  ...networkOptions,
}

/** `--json` */
export const jsonOption = flag('One JSON object a line on stdout, for programs')

/** What the options of {@link networkOptions} come to. */
export type NetworkValues = OptionValues<typeof networkOptions>

/**
 * The same, as core takes it.
 *
 * @throws HypervisionError ERR_OPTION_INVALID for options that do not go together, or a tracker that is none
 */
export function nodeOptions(
  values: NetworkValues & {
    readonly storage?: string | undefined
    readonly retain?: RetainText | 'all' | undefined
    readonly 'max-uploads'?: number | undefined
  },
): {
  transports: Transport[]
  maxPeers?: number
  maxUploads?: number
  uploadLimitBytesPerSecond?: number
  storage?: string
  retain?: RetainText | 'all'
  authorize?: NodeOptions['authorize']
  identity?: NodeOptions['identity']
} {
  const {
    bootstrap,
    'no-dht': isWithoutDht,
    tracker: trackers,
    ice,
    'max-peers': maxPeers,
    'max-uploads': maxUploads,
    'upload-limit': uploadLimit,
    storage,
    retain,
  } = values
  if (isWithoutDht && trackers.length === 0) {
    throw usageError('--no-dht leaves no way to find anybody. Name a tracker with --tracker.')
  }
  if (isWithoutDht && bootstrap.length > 0) throw usageError('--bootstrap is for the DHT, which --no-dht leaves out.')
  if (ice.length > 0 && trackers.length === 0) throw usageError('--ice is for WebRTC: name a tracker with --tracker.')
  const transports: Transport[] = []
  if (!isWithoutDht) transports.push(dht(bootstrap.length === 0 ? {} : { bootstrap }))
  if (trackers.length > 0) transports.push(webrtc({ trackers, ...iceOptions(ice) }))
  return {
    transports,
    ...accessFrom(values),
    ...(maxPeers === undefined ? {} : { maxPeers }),
    ...(maxUploads === undefined ? {} : { maxUploads }),
    ...(uploadLimit === undefined ? {} : { uploadLimitBytesPerSecond: Math.round((uploadLimit * 1000) / 8) }),
    ...(storage === undefined ? {} : { storage }),
    ...(retain === undefined ? {} : { retain }),
  }
}

function iceOptions(given: readonly (IceServerText | 'none')[]): { iceServers?: IceServerText[] } {
  if (given.length === 0) return {}
  const iceServers = given.filter((server) => server !== 'none')
  if (iceServers.length > 0 && iceServers.length < given.length) {
    throw usageError('--ice none stands alone: leave it out, or the other servers.')
  }
  return { iceServers }
}
