/** Types and errors that adapters and core agree on. Imports nothing. */
export type { Capture, CaptureOpenOptions } from './capture.ts'
export { errorCodes, HypervisionError, type HypervisionErrorCode, type HypervisionErrorOptions } from './errors.ts'
export type {
  KeyPair,
  TopicOptions,
  Transport,
  TransportConnection,
  TransportIntroductions,
  TransportOpenOptions,
  TransportSession,
  TransportStream,
  TransportTopic,
} from './transport.ts'
