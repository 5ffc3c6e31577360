/**
 * How a node tells another that it does not let it in: one protomux channel that says why in its handshake. docs/live-protocol.md has it.
 */
import c from 'compact-encoding'
import Protomux from 'protomux'
import type { PeerConnection } from './peer-connection.ts'

const protocol = 'hypervision/refusal'
/** The access list of whoever was called does not have the caller. */
const notAuthorized = 1
/** Whoever was refused and has not hung up by then is dropped, ms. */
const farewellMs = 1000

/** Says so. Whoever hears it hangs up: what is said right before a connection ends can be lost with it. */
export function refuse(connection: PeerConnection): void {
  const timer = setTimeout(() => connection.destroy(), farewellMs)
  connection.stream.on('close', () => clearTimeout(timer))
  const channel = Protomux.from(connection.stream).createChannel<number>({
    protocol,
    handshake: c.uint,
    onopen() {},
    // It does not know the protocol, or is gone.
    onclose: () => connection.destroy(),
  })
  channel?.open(notAuthorized)
}

/** Hears of it from the other side. */
export function onrefusal(connection: PeerConnection, listener: () => void): void {
  const mux = Protomux.from(connection.stream)
  mux.pair({ protocol }, () => {
    const channel = mux.createChannel<number>({
      protocol,
      handshake: c.uint,
      onopen(reason) {
        if (reason === notAuthorized) listener()
      },
      onclose() {},
    })
    channel?.open(notAuthorized)
  })
}
