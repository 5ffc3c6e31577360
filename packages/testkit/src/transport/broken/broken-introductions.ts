/** Transports that are introduced to whom they should not be, or not to whom they should, or that misuse their reserve. */
import {
  type BrokenTransport,
  brokenTransport,
  changeIntroductions,
  changeOptions,
  changeSession,
  collectConnections,
} from './broken-transport.ts'

const third = 'connects two that do not find each other by a third one’s word, in texts of 16 KiB at most'
const unanswered = 'makes no call that is not answered'
const refusal = 'is not introduced to one that accept refuses, at either side'
const fullness = 'is not introduced when it is full, nor to one that is'
const once = 'keeps one connection with a peer that it is introduced to again, and when both call at once'
const garbage = 'makes nothing of texts that are garbage'
const gone = 'is introduced to nobody by a topic that it left, nor when it is closed'
const reserve = 'takes as many callers beyond the cap as there are in reserve'
const filling = 'calls nobody to fill its reserve'

/** What an introduction over the memory transport consists of. */
const greeting = 'memory'

export const brokenIntroductions: readonly BrokenTransport[] = [
  brokenTransport(
    { rule: third, flaw: 'says that it calls and does not', complaint: 'for two nodes of one topic to be connected.' },
    (memory) => changeIntroductions(memory, () => ({ connect: async (_key, ask) => (await ask(greeting)) !== null })),
  ),
  brokenTransport({ rule: third, flaw: 'introduces nobody', complaint: 'join() gave no introductions.' }, (memory) =>
    changeSession(memory, (session) => ({
      join: (topic, asked) => ({ ...session.join(topic, asked), introductions: undefined }),
    })),
  ),
  brokenTransport(
    { rule: third, flaw: 'has texts carried without end', complaint: 'bytes was to be carried.' },
    (memory) =>
      changeIntroductions(memory, ({ connect, answer }) => ({
        connect: (key, ask) => connect(key, (offer) => ask(offer + ' '.repeat(17_000))),
        answer: (key, offer) => answer(key, offer.trim()),
      })),
  ),
  brokenTransport(
    {
      rule: unanswered,
      flaw: 'calls whether or not it is answered',
      complaint: 'connect() said that a peer has agreed which did not answer.',
    },
    (memory) =>
      changeIntroductions(memory, ({ connect }) => ({
        connect: (key, ask) =>
          connect(key, async (offer) => {
            await ask(offer)
            return greeting
          }),
      })),
  ),
  brokenTransport(
    { rule: refusal, flaw: 'asks before it asks accept', complaint: 'A peer was asked that accept refuses.' },
    (memory) =>
      changeIntroductions(memory, ({ connect }) => ({
        async connect(key, ask) {
          const answer = await ask(greeting)
          return connect(key, async () => answer)
        },
      })),
  ),
  brokenTransport(
    {
      rule: refusal,
      flaw: 'does not ask accept when it is called',
      complaint: 'A peer was connected that accept refuses.',
    },
    (memory) => {
      let isAnswering = false
      const willing = changeOptions(memory, ({ accept }) => ({ accept: (key) => isAnswering || accept(key) }))
      return changeIntroductions(willing, ({ answer }) => ({
        answer(key, offer) {
          isAnswering = true
          return answer(key, offer)
        },
      }))
    },
  ),
  brokenTransport(
    {
      rule: fullness,
      flaw: 'makes room for those that it is introduced to',
      complaint: 'More connections were made than the cap.',
    },
    (memory) =>
      changeIntroductions(memory, ({ connect }, session) => ({
        connect(key, ask) {
          session.setMaxConnections(16)
          return connect(key, ask)
        },
      })),
  ),
  brokenTransport(
    {
      rule: once,
      flaw: 'gives the connection out again that there is',
      complaint: 'Two that are connected were connected again.',
    },
    (memory) => {
      const { collecting, connections } = collectConnections(memory)
      return changeIntroductions(collecting, ({ connect }, _session, { onconnection }) => ({
        connect(key, ask) {
          const [connection] = connections
          if (connection !== undefined) onconnection(connection)
          return connect(key, ask)
        },
      }))
    },
  ),
  brokenTransport(
    { rule: garbage, flaw: 'answers everything', complaint: 'An offer that is garbage was answered.' },
    (memory) => changeIntroductions(memory, () => ({ answer: async () => greeting })),
  ),
  brokenTransport(
    { rule: garbage, flaw: 'follows any answer', complaint: 'connect() followed an answer that is garbage.' },
    (memory) =>
      changeIntroductions(memory, ({ connect }) => ({
        connect: (key, ask) => connect(key, async (offer) => ((await ask(offer)) === null ? null : greeting)),
      })),
  ),
  brokenTransport(
    { rule: garbage, flaw: 'breaks of an offer that it cannot read', complaint: 'answer() was rejected.' },
    (memory) =>
      changeIntroductions(memory, ({ answer }) => ({
        async answer(key, offer) {
          if (offer !== greeting) throw new Error('The offer cannot be read.')
          return answer(key, offer)
        },
      })),
  ),
  brokenTransport(
    {
      rule: gone,
      flaw: 'is introduced by a topic that it left',
      complaint: 'A node was connected by a topic that it left.',
    },
    (memory) =>
      changeSession(memory, (session) => ({
        join: (topic, asked) => ({ ...session.join(topic, asked), leave: async () => {} }),
      })),
  ),
  brokenTransport(
    { rule: reserve, flaw: 'takes nobody beyond the cap', complaint: 'for the reserve to be taken.' },
    (memory) => changeOptions(memory, () => ({ reserve: 0 })),
  ),
  brokenTransport(
    {
      rule: reserve,
      flaw: 'takes everybody in reserve',
      complaint: 'More connections were made than the cap and the reserve.',
    },
    (memory) => changeOptions(memory, () => ({ reserve: 16 })),
  ),
  brokenTransport(
    { rule: filling, flaw: 'calls peers for its reserve', complaint: 'A peer was called for the reserve.' },
    (memory) =>
      changeOptions(memory, ({ maxConnections, reserve: more = 0 }) => ({
        // 16 is what the kit gives to those that are not to be held to a cap.
        maxConnections: maxConnections === 16 ? 16 : (maxConnections + more) * 2,
        reserve: 0,
      })),
  ),
]
