// What peers say to a tracker: each line is a message, its first character says of which of four peers. Nobody gets the tracker past its limits,
// and nothing is left of those who are gone.
import { demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { readAnnouncement } from '../../src/tracker/announcement.ts'
import { Registry } from '../../src/tracker/registry.ts'

const limits = { maxTopics: 3, maxTopicsPerConnection: 2, maxPeersPerTopic: 3, intervalSeconds: 120 }

export const target: FuzzTarget = {
  name: 'tracker',
  words: [
    '"action":"announce"',
    '"info_hash":"aaaaaaaaaaaaaaaaaaaa"',
    '"info_hash":"bbbbbbbbbbbbbbbbbbbb"',
    '"peer_id":"cccccccccccccccccccc"',
    '"peer_id":"dddddddddddddddddddd"',
    '"to_peer_id":"cccccccccccccccccccc"',
    '"offers":[{"offer_id":"eeeeeeeeeeeeeeeeeeee","offer":{"sdp":"v=0"}}]',
    '"event":"stopped"',
    '__proto__',
    '\n1{',
    '\n2{',
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const registry = new Registry(limits)
  const members = Array.from({ length: 4 }, () => ({
    heard: 0,
    send: (message: object) => void JSON.stringify(message),
  }))
  for (const line of new TextDecoder().decode(input).split('\n').slice(0, 40)) {
    const member = members[line.charCodeAt(0) % members.length]
    const announcement = readAnnouncement(line.slice(1))
    if (typeof announcement === 'string' || member === undefined) continue
    demand(announcement.offers.length <= 10, 'more offers are passed on than may be')
    const refusal = registry.announce(member, announcement)
    demand(refusal === null || refusal.length < 60, 'a refusal is no sentence')
    demand(registry.topics <= limits.maxTopics, `there are ${registry.topics} topics`)
  }
  for (const member of members) registry.remove(member)
  demand(registry.topics === 0, 'topics are left that nobody is on')
}
