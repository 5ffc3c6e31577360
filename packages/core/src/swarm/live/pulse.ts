/** Signs of life: who is there, how far away, and what they have. */
import type { Children } from './children.ts'
import type { Heartbeat } from './live-messages.ts'
import { tickMs } from './live-options.ts'
import { headOf } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

/** Clocks are told in 32 bits. */
const clockRange = 2 ** 32
/** A longer way there and back is a clock that is wrong, or lies, ms. */
const longestRoundTripMs = 10_000

/** Gives and takes the heartbeats of one node. */
export class Pulse {
  readonly #state: OverlayState
  readonly #children: Children
  #tickedMs: number

  constructor(state: OverlayState, children: Children) {
    this.#state = state
    this.#children = children
    this.#tickedMs = state.clock.now()
  }

  /** While this node itself stood still, nobody could be heard: their silence is not held against them. */
  pardonSilence(): void {
    const now = this.#state.clock.now()
    const lateMs = now - this.#tickedMs - tickMs
    this.#tickedMs = now
    if (lateMs < tickMs) return
    for (const neighbour of this.#state.neighbours) neighbour.heardMs = Math.min(now, neighbour.heardMs + lateMs)
  }

  /** Gives a sign of life to those who are due one. */
  tick(): void {
    const { clock, settings, neighbours } = this.#state
    const { heartbeatMs, idleHeartbeatMs } = settings.timers
    const now = clock.now()
    for (const neighbour of neighbours) {
      const everyMs = this.#state.isClose(neighbour) ? heartbeatMs : idleHeartbeatMs
      // Ticks are a little late as a rule: what is due before the next one is due now.
      if (now - neighbour.beatenMs >= everyMs - tickMs / 2) this.beat(neighbour)
    }
  }

  /** Tells of what has come since the last sign of life. */
  tellNews(neighbour: Neighbour): void {
    const { log, window } = this.#state
    if (headOf(window.have(log.length)) > headOf(neighbour.told)) this.beat(neighbour)
  }

  /** Gives a sign of life. */
  beat(neighbour: Neighbour): void {
    const { clock, log, window } = this.#state
    const { lastBeat } = neighbour
    const heldMs = lastBeat === null ? 0 : Math.round(clock.now() - lastBeat.atMs)
    neighbour.beatenMs = clock.now()
    neighbour.told = window.have(log.length)
    const sentMs = this.#clockNow()
    neighbour.line.beat(sentMs, clock.now())
    neighbour.peer.heartbeat({
      sentMs,
      echoMs: lastBeat?.sentMs ?? 0,
      heldMs: Math.min(Math.max(0, heldMs), clockRange - 1),
      have: neighbour.told,
    })
  }

  onheartbeat(neighbour: Neighbour, { sentMs, echoMs, heldMs, have }: Heartbeat): void {
    const now = this.#state.clock.now()
    neighbour.lastBeat = { sentMs, atMs: now }
    neighbour.have = have
    neighbour.line.here.add(sentMs, this.#clockNow(), now)
    if (echoMs === 0) return
    const arrivedBytes = neighbour.line.echo(echoMs, sentMs - heldMs, heldMs, now)
    if (arrivedBytes > 0) this.#children.onarrival(arrivedBytes)
    const roundTripMs = ((this.#clockNow() - echoMs + clockRange) % clockRange) - heldMs
    if (roundTripMs < 0 || roundTripMs > longestRoundTripMs) return
    // The quickest of late is the line; what is above it is load.
    neighbour.roundTripMs = Math.min(roundTripMs, neighbour.roundTripMs * 0.9 + roundTripMs * 0.1)
  }

  /** The clock as it is told to others; never 0. */
  #clockNow(): number {
    return (Math.round(this.#state.clock.now()) % (clockRange - 1)) + 1
  }
}
