/** What can be set on a tracker. Every limit is there from the start: a tracker is asked by anybody. */
import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { HypervisionError } from '@hypervision/core/contracts'

/** Options of {@link tracker}. */
export interface TrackerOptions {
  /** TCP port; 0 for any. @default 8000 */
  readonly port?: number
  /** Address to listen on; `0.0.0.0` for every one of the machine. @default '127.0.0.1' */
  readonly host?: string
  /**
   * An HTTP or HTTPS server of one's own to listen by, in place of `port` and `host`: it is not closed with the tracker, and
   * the tracker leaves its requests alone.
   */
  readonly server?: HttpServer | HttpsServer
  /**
   * Sites whose pages are let in, such as `https://example.org`. Programs that are no browser send no origin and are let in
   * always.
   *
   * @default every site
   */
  readonly origins?: readonly string[]
  /** Most connections. @default 10000 */
  readonly maxConnections?: number
  /** Most connections from one address. @default 256 */
  readonly maxConnectionsPerAddress?: number
  /** Most topics at once. @default 10000 */
  readonly maxTopics?: number
  /** Most topics of one connection. @default 32 */
  readonly maxTopicsPerConnection?: number
  /** Most peers on one topic. @default 10000 */
  readonly maxPeersPerTopic?: number
  /** Longest message, bytes; whoever sends a longer one is disconnected. @default 131072 */
  readonly maxMessageBytes?: number
  /** Messages of one connection per second; four times as many at once. @default 20 */
  readonly messagesPerSecond?: number
  /**
   * Whether the peer's address is what the first entry of `X-Forwarded-For` says: only where a proxy of one's own sets it.
   *
   * @default false
   */
  readonly trustProxy?: boolean
}

const defaultMaxConnections = 10_000
const defaultMaxConnectionsPerAddress = 256
const defaultMaxTopics = 10_000
const defaultMaxTopicsPerConnection = 32
const defaultMaxPeersPerTopic = 10_000
const defaultMaxMessageBytes = 128 * 1024
const defaultMaxMessagesPerSecond = 20

/** The options that are numbers, each with a value. */
export interface TrackerLimits {
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  readonly maxTopics: number
  readonly maxTopicsPerConnection: number
  readonly maxPeersPerTopic: number
  readonly maxMessageBytes: number
  readonly messagesPerSecond: number
}

/** @throws HypervisionError ERR_OPTION_INVALID for a limit that is no whole number from 1 */
export function trackerLimits(options: TrackerOptions): TrackerLimits {
  const limit = (name: keyof TrackerLimits, otherwise: number): number => {
    const value = options[name] ?? otherwise
    if (Number.isSafeInteger(value) && value >= 1) return value
    throw new HypervisionError('ERR_OPTION_INVALID', `${name} is ${value}. It has to be a whole number from 1.`, {
      detail: { option: name, value },
    })
  }
  return {
    maxConnections: limit('maxConnections', defaultMaxConnections),
    maxConnectionsPerAddress: limit('maxConnectionsPerAddress', defaultMaxConnectionsPerAddress),
    maxTopics: limit('maxTopics', defaultMaxTopics),
    maxTopicsPerConnection: limit('maxTopicsPerConnection', defaultMaxTopicsPerConnection),
    maxPeersPerTopic: limit('maxPeersPerTopic', defaultMaxPeersPerTopic),
    maxMessageBytes: limit('maxMessageBytes', defaultMaxMessageBytes),
    messagesPerSecond: limit('messagesPerSecond', defaultMaxMessagesPerSecond),
  }
}
