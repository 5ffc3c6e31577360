/** Checks of the options that applications pass in: an error names the option, the rule and what was found. */
import { validateKeyPair } from 'hypercore-crypto'
import { HypervisionError, type KeyPair } from '../contracts/index.ts'
import type { StartPosition } from '../feed/start-position.ts'
import type { NodeOptions } from '../swarm/types.ts'

/** Makes the error of an option. */
export function optionError(option: string, rule: string, found: unknown): HypervisionError {
  return new HypervisionError(
    'ERR_OPTION_INVALID',
    `Option "${option}" must be ${rule}; ${describe(found)} was given.`,
    {
      detail: { option, rule },
    },
  )
}

/** @throws HypervisionError ERR_OPTION_INVALID */
export function checkInteger(option: string, value: unknown, least: number, most: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most)) return
  throw optionError(option, `a whole number from ${least} to ${most}`, value)
}

/** @throws HypervisionError ERR_OPTION_INVALID */
export function checkKeyPair(option: string, value: KeyPair | undefined): void {
  if (value === undefined || isKeyPair(value)) return
  // What was given is a secret: it is not repeated.
  throw optionError(
    option,
    'an Ed25519 key pair: publicKey of 32 bytes, and the secretKey of 64 that belongs to it',
    {},
  )
}

function isKeyPair(value: Partial<KeyPair> | null): boolean {
  const { publicKey, secretKey } = value ?? {}
  if (!(publicKey instanceof Uint8Array) || !(secretKey instanceof Uint8Array)) return false
  return publicKey.byteLength === 32 && secretKey.byteLength === 64 && validateKeyPair({ publicKey, secretKey })
}

/** @throws HypervisionError ERR_OPTION_INVALID */
export function checkNumber(option: string, value: unknown, least: number, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return
  throw optionError(option, `a number from ${least} to ${most}`, value)
}

/** @throws HypervisionError ERR_OPTION_INVALID */
export function checkBoolean(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw optionError(option, 'true or false', value)
}

/** @throws HypervisionError ERR_OPTION_INVALID */
function checkText(option: string, value: unknown, longest: number): void {
  if (value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= longest)) return
  throw optionError(option, `a text of 1 to ${longest} characters`, value)
}

/**
 * Checks what every node takes.
 *
 * @throws HypervisionError ERR_OPTION_INVALID
 */
export function checkNodeOptions(options: NodeOptions): void {
  if (typeof options !== 'object' || options === null) throw optionError('options', 'an object', options)
  const { transports = [] } = options
  if (!Array.isArray(transports)) throw optionError('transports', 'an array of transports', transports)
  for (const [place, transport] of transports.entries()) {
    if (typeof transport?.open !== 'function' || typeof transport.name !== 'string') {
      throw optionError(`transports[${place}]`, 'a transport, such as dht()', transport)
    }
  }
  checkText('storage', options.storage, 4096)
  checkInteger('maxPeers', options.maxPeers, 1, 1024)
  checkRetain(options.retain)
  if (options.authorize !== undefined && typeof options.authorize !== 'function') {
    throw optionError('authorize', 'a function', options.authorize)
  }
  const { identity } = options
  if (identity !== undefined && !isKeyPair(identity)) {
    throw optionError('identity', 'a key pair, such as createKeyPair() makes', {})
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw optionError('signal', 'an AbortSignal', options.signal)
  }
}

function checkRetain(retain: NodeOptions['retain']): void {
  if (retain === undefined || retain === 'all') return
  const isObject = typeof retain === 'object' && retain !== null
  if (!isObject || (retain.seconds === undefined && retain.bytes === undefined)) {
    throw optionError('retain', "'all', or an object with seconds, bytes or both", retain)
  }
  checkNumber('retain.seconds', retain.seconds, 1, Number.MAX_SAFE_INTEGER)
  checkNumber('retain.bytes', retain.bytes, 1_000_000, Number.MAX_SAFE_INTEGER)
}

/** @throws HypervisionError ERR_OPTION_INVALID */
export function checkStartPosition(option: string, value: StartPosition): void {
  if (value === 'live' || value === 'start') return
  if (typeof value === 'object' && value !== null) {
    if ('secondsAgo' in value && Number.isFinite(value.secondsAgo) && value.secondsAgo >= 0) return
    if ('time' in value && value.time instanceof Date && !Number.isNaN(value.time.getTime())) return
  }
  throw optionError(option, "'live', 'start', { secondsAgo: 0 or more } or { time: a valid Date }", value)
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
