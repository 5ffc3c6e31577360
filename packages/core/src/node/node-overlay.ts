/** The live overlay of a node: on the node's core, with what it wants of the node and tells the application. */
import type Hypercore from 'hypercore'
import { HypervisionError } from '../contracts/index.ts'
import { readFromOutside } from '../sealing/outside.ts'
import { CoreLiveLog } from '../storage/core-live-log.ts'
import type { HypercoreLog } from '../storage/hypercore-log.ts'
import { systemClock } from '../swarm/clock.ts'
import { nodeIdOf } from '../swarm/live/live-channel.ts'
import { LiveOverlay, type LiveOverlayOptions } from '../swarm/live/live-overlay.ts'
import type { UploadBudget } from '../swarm/upload-budget.ts'
import type { ChannelNodeOptions } from './channel-node-options.ts'

/** What {@link openNodeOverlay} joins to the core. */
export interface NodeOverlayOptions extends Pick<LiveOverlayOptions, 'onlonely' | 'ontaken' | 'onconflict'> {
  /** Public key of the node's identity. */
  readonly identity: Uint8Array
  /** Whether it passes blocks on; can be changed later. */
  readonly isOpen: boolean
  readonly budget: UploadBudget
  readonly node: ChannelNodeOptions
}

/** Makes the overlay, and keeps the log told of what comes by it. */
export function openNodeOverlay(core: Hypercore, log: HypercoreLog, options: NodeOverlayOptions): LiveOverlay {
  const { identity, isOpen, budget, node, onlonely, ontaken, onconflict } = options
  const isSource = node.key === undefined
  const liveLog = new CoreLiveLog(core, log, startOf)
  const overlay = new LiveOverlay({
    id: nodeIdOf(identity),
    role: isSource ? 'source' : 'node',
    isOpen,
    settings: node.live,
    clock: systemClock,
    random: Math.random,
    log: liveLog,
    budget,
    manifest: () => liveLog.manifest,
    onmanifest: (bytes) => liveLog.setManifest(bytes),
    onactive: (isActive) => {
      log.isPushed = isActive && !isSource
    },
    onawaited: (isAwaited) => {
      log.isAwaited = isAwaited
    },
    onlonely,
    onheldback: () => {
      if (isSource) node.onevent('warning', { error: limitTooLow(node) })
    },
    ontaken,
    onconflict,
  })
  core.on('manifest', () => {
    if (liveLog.manifest !== null) overlay.tellManifest(liveLog.manifest)
  })
  core.on('append', () => overlay.onlength())
  log.onproved = (block) => overlay.publish(block)
  return overlay
}

function limitTooLow({ uploadLimitBytesPerSecond }: ChannelNodeOptions): HypervisionError {
  return new HypervisionError(
    'ERR_TRANSPORT_UPLOAD_LIMIT',
    `The upload limit of ${uploadLimitBytesPerSecond} bytes per second is less than the stream takes, so viewers get blocks late. ` +
      'Raise uploadLimitBytesPerSecond above the bitrate of the stream, or lower the bitrate.',
    { detail: { uploadLimitBytesPerSecond } },
  )
}

/** Where to begin for a block: with its keyframe, as far as there is one. Of a private channel that needs no secret. */
function startOf(value: Uint8Array, index: number): number {
  const block = readFromOutside(value, index)
  return block.kind === 'cluster' ? index - block.index.keyDistance : index
}
