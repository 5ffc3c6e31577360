/** Two ends of a real data channel, without a transport around them. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { onTestFinished } from 'vitest'
import type { RtcDataChannel, RtcPeerConnection, RtcPeerConnectionClass } from '../src/rtc-types.ts'
import { readSdp, splitCandidates } from '../src/sdp.ts'

/** Opens a data channel; it is closed with the test. */
export async function channelPair(): Promise<[RtcDataChannel, RtcDataChannel]> {
  // Its types build on those of the DOM.
  const PeerConnection = RTCPeerConnection as unknown as RtcPeerConnectionClass
  const open = (): RtcPeerConnection => {
    const connection = new PeerConnection({ iceServers: [], iceTransportPolicy: 'all' })
    onTestFinished(() => connection.close())
    return connection
  }
  const [caller, called] = [open(), open()]
  const near = caller.createDataChannel('test', { negotiated: true, id: 0, ordered: true })
  await caller.setLocalDescription(await caller.createOffer())
  await gathered(caller)
  // As a PeerLink does: whoever answers is reached first.
  await called.setRemoteDescription({ type: 'offer', sdp: splitCandidates(descriptionOf(caller)).sdp })
  const far = called.createDataChannel('test', { negotiated: true, id: 0, ordered: true })
  await called.setLocalDescription(await called.createAnswer())
  await gathered(called)
  await caller.setRemoteDescription({ type: 'answer', sdp: descriptionOf(called) })
  await Promise.all([opened(near), opened(far)])
  return [near, far]
}

function gathered(connection: RtcPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
    connection.addEventListener('icegatheringstatechange', look)
    look()
  })
}

function opened(channel: RtcDataChannel): Promise<void> {
  return new Promise((resolve) => {
    if (channel.readyState === 'open') resolve()
    else channel.addEventListener('open', () => resolve())
  })
}

function descriptionOf(connection: RtcPeerConnection): string {
  return readSdp(connection.localDescription?.sdp)?.sdp ?? ''
}
