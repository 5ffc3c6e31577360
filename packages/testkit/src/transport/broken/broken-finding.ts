/** Transports that connect others than they should, or too often, or not at all. */
import type { TransportSession } from '@hypervision/core/contracts'
import { hex, newKeyPair } from '../kit-network.ts'
import {
  type BrokenTransport,
  brokenTransport,
  changeOptions,
  changeSession,
  collectConnections,
} from './broken-transport.ts'

const oneTopic = new Uint8Array(32)
const cap = 'makes no more connections than the cap, and more when it is raised, and closes none when it is lowered'
const refusal = 'is not connected with a peer that accept refuses, and is when accept changes its mind'
const leaving = 'lets nobody else in by a topic that was left, and keeps the connections made by it'
const readiness = 'says when the first look-up is through, whether or not it found anybody'

export const brokenFinding: readonly BrokenTransport[] = [
  brokenTransport(
    {
      rule: 'finds the peers of a topic, and nobody of another topic',
      flaw: 'takes all topics for one',
      complaint: 'Nodes were connected that share no topic.',
    },
    (memory) => changeSession(memory, (session) => ({ join: (_topic, asked) => session.join(oneTopic, asked) })),
  ),
  brokenTransport(
    {
      rule: 'connects one who announces with one who looks up, and not two who only look up',
      flaw: 'announces a node that only looks up',
      complaint: 'Two nodes were connected that both only look up.',
    },
    (memory) =>
      changeSession(memory, (session) => ({
        join: (topic, asked) => session.join(topic, { ...asked, announce: true }),
      })),
  ),
  brokenTransport(
    {
      rule: 'replaces what was asked for when a topic is joined again',
      flaw: 'stays with what was asked for first',
      complaint: 'for two nodes of one topic to be connected.',
    },
    (memory) =>
      changeSession(memory, (session) => {
        const joined = new Map<string, ReturnType<TransportSession['join']>>()
        return {
          join(topic, asked) {
            const before = joined.get(hex(topic)) ?? session.join(topic, asked)
            joined.set(hex(topic), before)
            return before
          },
        }
      }),
  ),
  brokenTransport(
    {
      rule: 'makes one connection with a peer, however many topics they share and whoever calls first',
      flaw: 'makes a connection for each topic',
      complaint: 'for a single connection to remain.',
    },
    (memory) =>
      changeSession(memory, (_session, options) => ({
        join(topic, asked) {
          const joining = memory.open(options).then((session) => session.join(topic, asked))
          return { ready: joining.then(({ ready }) => ready), leave: async () => (await joining).leave() }
        },
      })),
  ),
  brokenTransport(
    {
      rule: 'makes no connection to itself',
      flaw: 'calls itself',
      complaint: 'A node was connected with itself.',
    },
    (memory) => ({
      ...memory,
      async open(options) {
        const [session, twin] = [
          await memory.open(options),
          await memory.open({ ...options, keyPair: await newKeyPair() }),
        ]
        return {
          join(topic, asked) {
            twin.join(topic, asked)
            return session.join(topic, asked)
          },
          setMaxConnections: (maxConnections) => session.setMaxConnections(maxConnections),
          close: async () => void (await Promise.all([session.close(), twin.close()])),
        }
      },
    }),
  ),
  brokenTransport(
    {
      rule: 'calls exactly one side of a connection the initiator',
      flaw: 'calls both sides the initiator',
      complaint: 'Both sides of a connection were called the initiator.',
    },
    (memory) =>
      changeOptions(memory, ({ onconnection }) => ({
        onconnection: (connection) => onconnection({ ...connection, initiator: true }),
      })),
  ),
  brokenTransport(
    { rule: cap, flaw: 'takes everybody', complaint: 'More connections were made than the cap.' },
    (memory) => changeOptions(memory, () => ({ maxConnections: Number.POSITIVE_INFINITY })),
  ),
  brokenTransport(
    { rule: cap, flaw: 'stays with its first cap', complaint: 'for more connections after the cap was raised.' },
    (memory) => changeSession(memory, () => ({ setMaxConnections: () => {} })),
  ),
  brokenTransport(
    {
      rule: cap,
      flaw: 'closes connections when the cap is lowered',
      complaint: 'Connections were closed by lowering the cap.',
    },
    (memory) => {
      const { collecting, connections } = collectConnections(memory)
      return changeSession(collecting, (session) => ({
        setMaxConnections(maxConnections) {
          session.setMaxConnections(maxConnections)
          for (const { stream } of connections.slice(maxConnections)) stream.destroy()
        },
      }))
    },
  ),
  brokenTransport(
    { rule: refusal, flaw: 'does not ask accept', complaint: 'A peer was connected that accept refuses.' },
    (memory) => changeOptions(memory, () => ({ accept: () => true })),
  ),
  brokenTransport(
    {
      rule: refusal,
      flaw: 'asks accept once for each peer',
      complaint: 'for two nodes of one topic to be connected.',
    },
    (memory) =>
      changeOptions(memory, ({ accept }) => {
        const answers = new Map<string, boolean>()
        return {
          accept(key) {
            const answer = answers.get(hex(key)) ?? accept(key)
            answers.set(hex(key), answer)
            return answer
          },
        }
      }),
  ),
  brokenTransport(
    { rule: leaving, flaw: 'stays on a topic that it left', complaint: 'A node was found by a topic that it left.' },
    (memory) =>
      changeSession(memory, (session) => ({
        join: (topic, asked) => ({ ready: session.join(topic, asked).ready, leave: async () => {} }),
      })),
  ),
  brokenTransport(
    {
      rule: leaving,
      flaw: 'closes its connections with the topic that made them',
      complaint: 'A connection was closed because its topic was left.',
    },
    (memory) => {
      const { collecting, connections } = collectConnections(memory)
      return changeSession(collecting, (session) => ({
        join(topic, asked) {
          const joined = session.join(topic, asked)
          return {
            ready: joined.ready,
            async leave() {
              await joined.leave()
              for (const { stream } of connections) stream.destroy()
            },
          }
        },
      }))
    },
  ),
  brokenTransport(
    {
      rule: readiness,
      flaw: 'is ready only when somebody was found',
      complaint: 'for ready to resolve where nobody is.',
    },
    (memory) =>
      changeSession(memory, (session) => ({
        join: (topic, asked) => ({ ...session.join(topic, asked), ready: new Promise(() => {}) }),
      })),
  ),
  brokenTransport(
    { rule: readiness, flaw: 'rejects ready where nobody was found', complaint: 'ready was rejected.' },
    (memory) =>
      changeSession(memory, (session) => ({
        join(topic, asked) {
          const { ready, leave } = session.join(topic, asked)
          return { ready: ready.then(() => Promise.reject(new Error('Nobody was found.'))), leave }
        },
      })),
  ),
]
