/// The limits of a link, from the design's table of bounds.
package enum ReplicationBounds {
  /// The protocol numbers that this version speaks.
  package static let protocolVersions: ClosedRange<UInt32> = 1...1
  /// The most commits of one batch.
  package static let batchCommits = 512
  /// The most items of one batch, commits and marks together.
  package static let batchItems = 2 * batchCommits
  /// A frame takes no further commit once its certificate chains hold so many bytes. With the items
  /// of a batch, one commit and one chain more, it stays below `messageBytes`.
  package static let frameChainBytes = 512 * 1024
  /// The most entries of one outbox; it leaves room to add without overflow.
  package static let outboxEntries: UInt64 = 1 << 62
  /// The most bytes of one batch.
  package static let batchBytes = 1024 * 1024
  /// How much a session has under way before its throughput is known, in bytes.
  package static let firstBytes = 16 * 1024
  /// The most batches that are sent and not acknowledged.
  package static let unacknowledgedBatches = 8
  /// A batch, and all that is unacknowledged, hold at most this much of the measured throughput.
  package static let windowMilliseconds: UInt64 = 2_000
  /// The largest message on the wire, in bytes.
  package static let messageBytes = 2 * 1024 * 1024
  /// The size at which a frame of trees or of a repair ends, in bytes: on the slowest line that must
  /// progress it arrives well before its receiver takes the silence for a broken session.
  package static let shipmentBytes = 128 * 1024
  /// The most frames of trees that one session sends; the peer learns them, begins anew and is sent
  /// the rest.
  package static let treeFrames = 64
  /// The most hub-signed trees that one hello names, the newest, and one frame carries.
  package static let trees = 1_024
  /// The most hashes that one frame asks for, and the most claims that one frame makes.
  package static let hashesPerFrame = 4_096
  /// The most items that one claim lists instead of a fingerprint.
  package static let itemsPerClaim = 64
  /// Into how many parts a differing range is divided.
  package static let branching = 16
  /// The most certificates of one chain on the wire, and the most bytes of each.
  package static let chainCertificates = 4
  package static let certificateBytes = 16 * 1024
  /// Silence after which a side sends a sign of life.
  package static let keepAliveMilliseconds: UInt64 = 10_000
  /// Silence after which a session is given up. Any byte breaks it, also one of a frame that has not
  /// arrived as a whole.
  package static let silenceMilliseconds: UInt64 = 45_000
  /// How long a session may take to begin streaming. On a line with many losses each exchange takes
  /// many tries.
  package static let greetingMilliseconds: UInt64 = 180_000
  /// The most bytes set aside for one peer; beyond them only hashes are kept.
  package static let setAsideBytes = 64 * 1024 * 1024
  /// The most bytes that wait to be sent in one session: the window's batches, and as much again for
  /// what a peer may ask for. One that asks and does not read is let go.
  package static let outgoingBytes = 16 * 1024 * 1024 + unacknowledgedBatches * batchBytes
  /// How long after a peer's bare cursor made this node open an incarnation none of its cursors does
  /// so again.
  package static let beliefMilliseconds: UInt64 = 24 * 60 * 60 * 1000
  /// By how much a bare cursor, or a commit signed in the node's name elsewhere, may raise the number of
  /// the incarnation that is opened.
  package static let believedIncarnations: UInt32 = 16
  /// The most commits set aside for one peer; beyond them they are only counted.
  package static let setAsideCommits = 1_024
  /// How long after a peer was asked for what is missing here it is not asked again, and how long an
  /// entity waits for a parent before that.
  package static let askMilliseconds: UInt64 = 60 * 60 * 1000
  /// How long a parent that did not come at first is not asked for again at most.
  package static let longestAskMilliseconds: UInt64 = 24 * 60 * 60 * 1000
  /// The most alarms about set-aside commits in one transaction.
  package static let setAsideAlarms = 16
  /// The urgent commits of one origin that a relay passes on in the urgent lane: so many an hour, by
  /// the times of their stamps, and so many at once. The rest takes the bulk lane.
  package static let urgentCommitsPerHour = 600
  package static let urgentBurst = 64
  /// The most regions that an audience names; more are everyone.
  package static let audience = 4_096
  /// The children of one node.
  package static let children = 4_096
}
