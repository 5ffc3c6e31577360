// Messages of the live channel: the first byte says which of them the others are.
import type { FuzzTarget } from '../../../../fuzz/target.ts'
import * as messages from '../../src/swarm/live/live-messages.ts'
import { roundTrip } from './round-trip.ts'

const { hello, manifest, advert, subscribe, onlyStripe, deny, heartbeat, block, pull, nothing } = messages

export const target: FuzzTarget = {
  name: 'live-messages',
  prepare: () => roundTrip([hello, manifest, advert, subscribe, onlyStripe, deny, heartbeat, block, pull, nothing]),
}
