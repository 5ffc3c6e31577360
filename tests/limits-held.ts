/**
 * Which test holds which limit of docs/limits.md at the limit and one past it. Times are left out, as nothing comes one past them, and so are
 * ports. docs-limits.test.ts demands that each limit is in one of the two tables, and that what a test is called stands in its file.
 */

/** A limit as file and constant. Files are named without their folders, which are found. */
type Held = Readonly<Record<string, Readonly<Record<string, string>>>>

const options = 'check-options.test.ts'
const metadata = 'metadata.test.ts'
const webm = 'webm-cutter.errors.test.ts'
const introductions = 'introductions.limits.test.ts'
const introductionMessages = 'messages.test.ts: what is as long as it may be is read'
const liveMessages = 'live-messages.test.ts: is read up to %d and refused from there on'
const neighbour = 'neighbour.test.ts'
const window = 'block-window.test.ts'
const dataChannel = 'data-channel-limits.test.ts'
const sdp = 'sdp.test.ts'
const trackerLimits = 'tracker-limits.test.ts'
const tracker = 'tracker.test.ts'
const across = 'limits.test.ts'
const trackerConnection = 'tracker-connection.test.ts'

/** Limits and their tests, as `file: a part of the test's name`. */
export const heldBy: Held = {
  'check-options.ts': {
    maxPeers: `${options}: maxPeers`,
    storage: `${options}: storage`,
    'retain.seconds': `${options}: retain.seconds`,
    'retain.bytes': `${options}: retain.bytes`,
  },
  'live-settings.ts': {
    sourceCopies: `${options}: sourceCopies`,
    maxUploads: `${options}: maxUploads`,
    'live.stripes': `${options}: live.stripes`,
  },
  'channel-node.ts': {
    leastUploadLimit: 'memory-network.test.ts: gives those who come late what is past no faster than the upload limit',
  },
  'channel-role.ts': {
    maxEarlyWarnings: 'channel-role.test.ts: of a flood of early warnings the first 16 are told',
  },
  'cutter-options.ts': {
    maxInitBytes: `${webm}: take an init segment at maxInitBytes and refuse one byte more`,
    maxFrameBytes: `${webm}: at maxFrameBytes and refuse one byte more`,
    maxBlockBytes: `${webm}: take a block at maxBlockBytes and refuse one byte more`,
    headroomBytes: `${options}: headroomBytes`,
  },
  'frame.ts': { maxFrames: 'read-cluster.test.ts: reads 16 384 frames, and refuses a Cluster of one more' },
  'foreign-bytes.ts': { foreignBytesWanted: `${webm}: is refused after 16 bytes` },
  'sealed-block.ts': {
    maxEarlierSecrets: 'sealing.test.ts: names 64 earlier secrets in the head of an init block',
  },
  'remote-host.ts': {
    shareOfOneHost: 'swarm.test.ts: one host has three quarters of the places at the most',
    leastOfOneHost: 'swarm.test.ts: one host has three quarters of the places at the most',
  },
  'banishment.ts': {
    maxBanished: 'banishment.test.ts: remembers a thousand peers, and forgets the oldest for one more',
  },
  'metadata-payload.ts': {
    maxTitle: `${metadata}: at its limit, and not one past it`,
    maxDescription: `${metadata}: at its limit, and not one past it`,
    maxPosterBytes: `${metadata}: at its limit, and not one past it`,
  },
  'metadata-record.ts': {
    maxPayloadBytes: `${metadata}: is none where the bytes are anything else, short or long`,
    maxRecordBytes: 'channel-messages.test.ts: takes a record of 139 370 bytes',
  },
  'channel-peer.ts': {
    maxMessagesAtOnce: 'channel-peer.test.ts: banishes who sends more than 64 messages at once',
  },
  'metadata-exchange.ts': {
    maxAsked: 'metadata-exchange.test.ts: is asked for from two peers at a time',
  },
  'channel-messages.ts': {
    maxSignatureBytes: 'channel-messages.test.ts: takes a signature of 256 bytes in a head',
  },
  'closed-doors.ts': {
    maxDoors: 'closed-doors.test.ts: 1024 peers of each kind are remembered',
  },
  'introduction-channel.ts': {
    maxUnread: 'introduction-channel.test.ts: 256 messages wait for a peer to read them',
    maxMessagesAtOnce: `${introductions}: a peer that sends 128 messages at once is heard, and one that sends more`,
    maxOffersAtOnce: `${introductions}: a peer is passed 32 offers at once and 8 a second`,
    maxWaiting: `${introductions}: an offer that is not answered holds a place for six seconds, and there are eight`,
  },
  'introductions.ts': {
    reservedConnections: `${across}: four connections beyond maxPeers are taken`,
    maxForwarded: `${introductions}: of one peer 8 offers are passed on at a time`,
    maxAnswering: `${introductions}: a node answers 8 offers at a time, and declines further ones`,
  },
  'messages.ts': {
    maxDescriptionBytes: introductionMessages,
    maxTransportBytes: introductionMessages,
    maxNeighbours: introductionMessages,
    maxId: introductionMessages,
  },
  'block-window.ts': {
    maxWindowBlocks: `${window}: keeps 64 blocks of those that are stored`,
    maxWindowBytes: `${window}: keeps 24 MiB of those that are stored`,
    maxWaitingBlocks: `${window}: takes a block that is 511 past what is stored, and none that is 512 past it`,
  },
  'live-messages.ts': {
    maxStripes: liveMessages,
    maxPulled: liveMessages,
    maxPeaks: liveMessages,
    maxBlockBytes: liveMessages,
    maxManifestBytes: liveMessages,
    maxFree: liveMessages,
    maxPlaces: liveMessages,
    maxSignatureBytes: liveMessages,
  },
  'live-options.ts': { maxDepth: liveMessages },
  'neighbour.ts': {
    messagesAtOnce: `${neighbour}: is heard 600 times at once`,
    pardonedOffences: `${neighbour}: is pardoned 20 offences at once`,
    maxKnown: `${neighbour}: is remembered for the newest 256 blocks`,
    mostDebt: `${neighbour}: owes three blocks and not four`,
    firstDebt: `${neighbour}: owes one block and not two when it has just become the parent`,
    mostUnanswered: 'repair.test.ts: of two who have a block one that left %i requests in a row unanswered',
    pulledAtOnce: `${neighbour}: gets 32 blocks by asking at once`,
  },
  'repair.ts': {
    mostMisses: 'repair.test.ts: a parent is kept that has one block which it did not push',
  },
  'outcry.ts': {
    newestBlocks: 'outcry.test.ts: nor what is older than the last six',
    mostAsked: 'outcry.test.ts: two who ask for three of the last six blocks',
    leastAsking: 'outcry.test.ts: what one alone asks for is nothing',
  },
  'children.ts': { maxWaiting: 'children.test.ts: of those who were refused the last 16 are remembered' },
  'capacity.ts': {
    usualCopies: 'capacity.test.ts: has one copy to give to begin with, and one and a half when that has arrived',
  },
  'line.ts': { maxBeats: 'line.test.ts: remembers 64 heartbeats' },
  'gifts.ts': {
    mostGifts: 'gifts.test.ts: all that ask a node get 64 blocks at once, and one more with each new block',
    mostWelcomes: 'gifts.test.ts: newcomers get 10 blocks at once of a source whose places are taken',
    welcomesPerBlock: 'gifts.test.ts: newcomers get 10 blocks at once of a source whose places are taken',
    welcomesPerCopy: 'gifts.test.ts: newcomers get 6 blocks more at once for each copy',
    mostWaiting: 'gifts.test.ts: one neighbour waits for 32 blocks at the most',
  },
  'gift-window.ts': {
    firstRoom: 'gift-window.test.ts: four are given at once, and the next ones when',
    mostRoom: 'gift-window.test.ts: there is room for twice as many each time as long as nothing waits, for 16',
  },
  'paced-replication.ts': {
    maxHeldRequests: 'paced-replication.test.ts: turns away the requests of one peer beyond',
  },
  'data-channel-stream.ts': {
    maxMessageBytes: `${dataChannel}: a message of 65 536 bytes is taken, and one of one more drops the peer`,
    windowUnits: `${dataChannel}: 1 048 576 bytes wait for a reader`,
    messageCost: `${dataChannel}: 1 048 576 bytes wait for a reader`,
    longestText: `${dataChannel}: a text of 24 characters is read, and one of one more drops the peer`,
  },
  'needed-tree-nodes.ts': {
    landmarkBlocks: 'outdated-storage.test.ts: goes on where no landmark is stored yet, as if nothing were',
  },
  'stored-blocks.ts': { provedBlocks: 'stored-blocks.test.ts: the proofs of the %i blocks before the oldest one' },
  'create-broadcast.ts': { maxBlockBytes: `${across}: a block of 15 720 448 bytes of frames` },
  'timeline.ts': { maxEpochs: 'seek.test.ts: tells of 1000 epochs, and of the newest 1000 where there is one more' },
  'kept-blocks.ts': { maxStretches: 'kept-blocks.test.ts: tells a new peer of the newest 64 stretches' },
  'file-plan.ts': { maxCueReads: 'file-plan.test.ts: reads 4096 blocks of a file at the most' },
  'seeker.ts': { maxRemembered: 'seeker.test.ts: 256 peers are remembered as called' },
  'spare-source.ts': { maxWaited: 'spare-source.test.ts: knows of 512 blocks how long they were waited for' },
  'tracker.ts': { spareConnections: `${tracker}: 100 connections beyond the cap are told that it is reached` },
  'sdp.ts': {
    maxSdpLength: `${sdp}: a description is taken at its limits, and not one beyond`,
    maxLines: `${sdp}: a description is taken at its limits, and not one beyond`,
    maxCandidates: `${sdp}: a description is taken at its limits, and not one beyond`,
  },
  'webrtc-session.ts': {
    maxAnswering: 'webrtc-session.test.ts: many calls at once are answered up to a limit',
  },
  'tracker-socket.ts': {
    maxTrackerMessage: `${trackerLimits}: a message of 262 144 characters is taken, and one of one more loses the tracker`,
    maxBuffered: `${trackerLimits}: 1 048 576 characters may wait to be sent`,
  },
  'tracker-client.ts': {
    maxMessagesAtOnce: `${trackerLimits}: 100 messages of a tracker are read at once, and 20 a second`,
  },
  'tracker-messages.ts': {
    maxCount: `${trackerLimits}: a tracker is believed to have a million peers, and no more`,
  },
  'tracker-options.ts': {
    defaultMaxMessageBytes: `${tracker}: a message of 131 072 bytes is answered`,
    defaultMaxConnections: `${tracker}: connections, in all and from one address`,
    defaultMaxConnectionsPerAddress: `${tracker}: connections, in all and from one address`,
    defaultMaxTopics: `${tracker}: topics, in all and of one connection, and peers of one topic`,
    defaultMaxTopicsPerConnection: `${tracker}: topics, in all and of one connection, and peers of one topic`,
    defaultMaxPeersPerTopic: `${tracker}: topics, in all and of one connection, and peers of one topic`,
  },
  'tracker-connection.ts': {
    nonsenseCost: `${trackerConnection}: what makes no sense counts for six`,
    maxBufferedBytes: `${trackerConnection}: a peer for whom 524 288 bytes wait is sent more`,
  },
  'announcement.ts': {
    maxOffers: 'announcement.test.ts: 10 offers are taken from an announcement',
    maxSdpLength: 'announcement.test.ts: a description of 16 384 characters is passed on',
  },
}

const ownConduct = 'what a node does by itself: nobody can bring it one past that'
const byDefault = 'a default, within a range that is held'

/** Limits that no test holds at their edge, and why. */
export const notHeld: Held = {
  'channel-node-options.ts': { defaultMaxPeers: byDefault, defaultBroadcasterPeers: byDefault },
  'retention.ts': { sweepBlocks: ownConduct, sweepShare: ownConduct },
  'arrival-times.ts': { samples: ownConduct },
  'create-viewer.ts': { readAheadBlocks: ownConduct, liveEdgeBlocks: ownConduct },
  'create-broadcast.ts': { idleBlocks: ownConduct },
  'element-head.ts': { maxHeadLength: 'follows from ids of 4 bytes and sizes of 8, which tests hold' },
  'byte-parts.ts': { slackBytes: ownConduct },
  'feed-reader.ts': { staleBlocks: ownConduct },
  'hypercore-log.ts': { namedBlocks: ownConduct },
  'read-ahead-log.ts': { readAheadBlocks: ownConduct },
  'seeker.ts': {
    defaultWanted: byDefault,
    maxAsked: ownConduct,
    maxCallsPerRound: ownConduct,
    maxCalls: ownConduct,
  },
  'children.ts': { catchUpBlocks: ownConduct },
  'data-channel-stream.ts': {
    channelHighBytes: ownConduct,
    channelLowBytes: ownConduct,
    streamBufferBytes: ownConduct,
    silentHeartbeats: 'a time, in heartbeats',
  },
  'webrtc-session.ts': { maxOffers: ownConduct, callShare: ownConduct },
  'tracker-topic.ts': { firstOffers: ownConduct, maxOffers: ownConduct },
}
