// Messages about the channel: the first byte says which of them the others are.
import type { FuzzTarget } from '../../../../fuzz/target.ts'
import { get, have, head, hello, onAir, record } from '../../src/swarm/channel/channel-messages.ts'
import { roundTrip } from './round-trip.ts'

export const target: FuzzTarget = {
  name: 'channel-messages',
  prepare: () => roundTrip([hello, have, get, record, head, onAir]),
}
