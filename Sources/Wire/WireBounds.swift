import Ledger
import Replication

/// The limits of messages beyond those of `ReplicationBounds` and `LedgerBounds`.
package enum WireBounds {
  /// The largest position or count of entries; leaves room to add without overflow.
  package static let position: UInt64 = 1 << 62
  /// The largest sequence or time, since stores keep them as signed numbers.
  package static let signed = UInt64(Int64.max)
  /// The longest program version in a hello, in bytes.
  package static let softwareBytes = 128
  /// The longest text for people, in bytes.
  package static let textBytes = 1_024
  /// The longest stamp, in bytes: twice what the longest region, actor and role give.
  package static let stampBytes = 1_024
  /// The most certificate chains of one frame.
  package static let chains = ReplicationBounds.batchCommits
  /// The bytes of one set key: a time and a hash.
  package static let setKeyBytes = 8 + Hash.byteCount
}
