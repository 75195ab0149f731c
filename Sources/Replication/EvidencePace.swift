/// How much of a file is asked for at a time, and how long the line then rests, so that a file on its
/// way leaves room for the link's own traffic.
///
/// Of a file one piece at most is under way. On a slow line pieces become so short that what is urgent
/// never stands behind much more than a second of them, and the line rests after each piece as long as
/// the piece took: a file takes half of a slow line at most. A fast line it need not spare.
package struct EvidencePace: Hashable, Sendable {
  /// A piece that took less asks for a longer one, and for no rest.
  package static let quickMilliseconds: UInt64 = 250
  /// A piece that took more asks for a shorter one.
  package static let slowMilliseconds: UInt64 = 1_500
  /// The longest rest.
  package static let longestRestMilliseconds: UInt64 = 5_000

  /// How many bytes to ask for next.
  package private(set) var bytes = ReplicationBounds.evidenceLeastBytes

  /// The pace of a line of which nothing is known.
  package init() {}

  /// Learns how long an answer took.
  ///
  /// - Returns: how long to rest, in milliseconds.
  package mutating func took(_ milliseconds: UInt64) -> UInt64 {
    if milliseconds < Self.quickMilliseconds {
      bytes = min(bytes * 2, ReplicationBounds.evidenceChunkBytes)
      return 0
    }
    if milliseconds > Self.slowMilliseconds {
      bytes = max(bytes / 2, ReplicationBounds.evidenceLeastBytes)
    }
    return min(milliseconds, Self.longestRestMilliseconds)
  }
}
