package import Ledger

/// What the two sides of a link say to each other of evidence files, on a stream of its own beside
/// that of `Frame`.
///
/// Each side has at most one question open; the other's next answer is to that one.
package enum EvidenceFrame: Hashable, Sendable {
  /// Asks for a piece of a file.
  case request(EvidenceRequest)
  /// The piece, or its beginning: at least a byte, and never more than were asked for.
  case chunk([UInt8])
  /// The file is not served to the asker. Why is not said, so that nobody learns what exists.
  case refused
  /// The other side serves the file as soon as it has it itself, or has less to do: ask again after
  /// that many seconds.
  case wait(seconds: Int)
}

/// A question for a piece of a file.
package struct EvidenceRequest: Hashable, Sendable {
  /// The event that names the file.
  package let event: SetKey
  /// The SHA-256 of the file.
  package let file: Hash
  /// Where the piece begins, in bytes.
  package let offset: Int
  /// How long it may be, in bytes.
  package let mostBytes: Int

  /// A question with its parts, which are the caller's to keep within `ReplicationBounds`.
  package init(event: SetKey, file: Hash, offset: Int, mostBytes: Int) {
    self.event = event
    self.file = file
    self.offset = offset
    self.mostBytes = mostBytes
  }
}

// The limits of evidence on the wire and of what is wanted.
extension ReplicationBounds {
  /// The longest piece of a file in one frame, in bytes.
  package static let evidenceChunkBytes = 64 * 1024
  /// The shortest piece that is asked for where the line is slow, in bytes.
  package static let evidenceLeastBytes = 4 * 1024
  /// The last place in a file that may be asked for.
  package static let evidenceOffset = 1 << 40
  /// How long an answer may ask to wait, in seconds.
  package static let evidenceWaitSeconds = 1...3_600
  /// How long an answer may take, and how long a stream may stand without its link.
  package static let evidenceSilenceMilliseconds: UInt64 = 120_000
  /// The most files that a node fetches at a time, from all its neighbours together; from one it
  /// fetches one at a time.
  package static let evidenceFetches = 8
  /// The most pieces that a node has on their way to its neighbours at a time; to one of them it is
  /// one.
  package static let evidenceAnswers = 64
  /// The most files that a node wants at a time.
  package static let evidenceWanted = 4_096
  /// The largest message of evidence on the wire, in bytes: a piece and what stands around it.
  package static let evidenceMessageBytes = evidenceChunkBytes + 1024
}
