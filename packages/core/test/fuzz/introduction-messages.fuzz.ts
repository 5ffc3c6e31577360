// Messages of introductions: the first byte says which of them the others are.
import type { FuzzTarget } from '../../../../fuzz/target.ts'
import { answer, hello, neighbours, offer, room, seek } from '../../src/swarm/introductions/messages.ts'
import { roundTrip } from './round-trip.ts'

export const target: FuzzTarget = {
  name: 'introduction-messages',
  prepare: () => roundTrip([hello, seek, neighbours, offer, answer, room]),
}
