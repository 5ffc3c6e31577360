/** A session description as implementations write it, for tests of what is read, changed and passed on of one. */

/** Its lines, without what ends them. */
export const descriptionLines = [
  'v=0',
  'o=rtc 1 0 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=fingerprint:sha-256 9D:59',
  'm=application 47828 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 192.0.2.2',
  'a=mid:0',
  'a=setup:actpass',
  'a=candidate:1 1 UDP 2114977791 192.0.2.2 47828 typ host',
  'a=candidate:2 1 UDP 1 198.51.100.7 3478 typ relay raddr 203.0.113.9 rport 4000',
  'a=end-of-candidates',
]
