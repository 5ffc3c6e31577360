/** What the deliberately broken transports are made of: the memory transport with one promise taken out. */
import type {
  Transport,
  TransportConnection,
  TransportIntroductions,
  TransportOpenOptions,
  TransportSession,
  TransportStream,
} from '@hypervision/core/contracts'
import type { TransportKitNetwork } from '../kit-network.ts'
import { memoryNetwork } from '../memory-transport.ts'

/** A network of broken transports. */
export interface BrokenTransportNetwork extends TransportKitNetwork {
  /** Ends what runs on it, whatever its transports say. */
  close(): Promise<void>
}

/** A transport that breaks one promise of the contract. */
export interface BrokenTransport {
  /** Name of the rule that has to reject it. */
  readonly rule: string
  /** What it does wrong, in words that go on from "it". */
  readonly flaw: string
  /** How the error of that rule ends or goes on: why it is rejected. */
  readonly complaint: string
  /** Starts a network of one's own. */
  start(): BrokenTransportNetwork
}

/** Takes a promise out of a memory transport. `holdTimer` starts a timer that nothing but the network's end stops. */
export type BreakTransport = (memory: Transport, holdTimer: () => void) => Transport

/** Describes a broken transport. */
export function brokenTransport(about: Omit<BrokenTransport, 'start'>, breakIt: BreakTransport): BrokenTransport {
  return {
    ...about,
    start() {
      const network = memoryNetwork()
      const sessions: TransportSession[] = []
      const timers: ReturnType<typeof setInterval>[] = []
      const holdTimer = (): void => void timers.push(setInterval(() => {}, 60_000))
      return {
        transport: () => breakIt(collectSessions(network.transport(), sessions), holdTimer),
        // Not all of the process: timers of a test runner that pass meanwhile would make up for those that stay.
        resources: () => timers.map(() => 'Timeout'),
        async close() {
          for (const timer of timers.splice(0)) clearInterval(timer)
          await Promise.all(sessions.map((session) => session.close()))
        },
      }
    },
  }
}

/** Opens with other options. */
export function changeOptions(
  transport: Transport,
  change: (options: TransportOpenOptions) => Partial<TransportOpenOptions>,
): Transport {
  return { ...transport, open: (options) => transport.open({ ...options, ...change(options) }) }
}

/** Keeps the connections that it gives out in a list. */
export function collectConnections(transport: Transport): {
  readonly collecting: Transport
  readonly connections: readonly TransportConnection[]
} {
  const connections: TransportConnection[] = []
  const collecting = changeOptions(transport, ({ onconnection }) => ({
    onconnection(connection) {
      connections.push(connection)
      onconnection(connection)
    },
  }))
  return { collecting, connections }
}

/** Gives other sessions. */
export function changeSession(
  transport: Transport,
  change: (session: TransportSession, options: TransportOpenOptions) => Partial<TransportSession>,
): Transport {
  return {
    ...transport,
    async open(options) {
      const session = await transport.open(options)
      return {
        join: (topic, asked) => session.join(topic, asked),
        setMaxConnections: (maxConnections) => session.setMaxConnections(maxConnections),
        close: () => session.close(),
        ...change(session, options),
      }
    },
  }
}

/** Gives other introductions to those who join a topic. */
export function changeIntroductions(
  transport: Transport,
  change: (
    introductions: TransportIntroductions,
    session: TransportSession,
    options: TransportOpenOptions,
  ) => Partial<TransportIntroductions>,
): Transport {
  return changeSession(transport, (session, options) => ({
    join(topic, asked) {
      const joined = session.join(topic, asked)
      const { introductions } = joined
      if (introductions === undefined) return joined
      const changed = change(introductions, session, options)
      return {
        ...joined,
        introductions: {
          connect: (key, ask) => introductions.connect(key, ask),
          answer: (key, offer) => introductions.answer(key, offer),
          ...changed,
        },
      }
    },
  }))
}

/** Gives other streams. */
export function changeStream(
  transport: Transport,
  change: (stream: TransportStream) => Partial<TransportStream>,
): Transport {
  return changeOptions(transport, ({ onconnection }) => ({
    onconnection(connection) {
      const { stream } = connection
      onconnection({ ...connection, stream: replaceMembers(stream, change(stream)) })
    },
  }))
}

type Listener = (value?: unknown) => void

/** Listens to a stream by other means for one of its events. */
export function changeEvent(
  stream: TransportStream,
  changed: string,
  listen: (listener: Listener) => void,
): Pick<TransportStream, 'on'> {
  const on = stream.on.bind(stream) as (event: string, listener: Listener) => unknown
  const changedOn = (event: string, listener: Listener): unknown =>
    event === changed ? listen(listener) : on(event, listener)
  return { on: changedOn as TransportStream['on'] }
}

function replaceMembers(stream: TransportStream, members: Partial<TransportStream>): TransportStream {
  return new Proxy(stream, {
    get(target, name) {
      const value: unknown = Reflect.get(name in members ? members : target, name)
      return typeof value === 'function' && !(name in members) ? value.bind(target) : value
    },
  })
}

function collectSessions(transport: Transport, sessions: TransportSession[]): Transport {
  return {
    ...transport,
    async open(options) {
      const session = await transport.open(options)
      sessions.push(session)
      return session
    },
  }
}
