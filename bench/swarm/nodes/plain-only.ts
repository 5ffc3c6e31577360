/** Nodes of this process speak stock hypercore replication and nothing else, as peers of other software do. */
import Protomux from 'protomux'

/** Leaves the live channel out for the rest of the process. */
export function withoutLiveChannel(): void {
  const { createChannel } = Protomux.prototype
  Protomux.prototype.createChannel = function (options) {
    // Null is what protomux gives for a channel that cannot be had.
    return options.protocol === 'hypervision/live' ? null : createChannel.call(this, options)
  }
}
