import Replication

/// What a store reads and keeps at most for one peer; a weak machine or line may have less than the
/// design's bounds.
package struct StoreBounds: Hashable, Sendable {
  /// The most bytes of one batch; an event that is larger goes alone.
  package let batchBytes: Int
  /// The most commits of one batch.
  package let batchCommits: Int
  /// The most bytes set aside for one peer; beyond them only hashes are kept.
  package let setAsideBytes: Int
  /// The most notes of when a peer acknowledged one of its two outboxes; older ones are thinned.
  package let acknowledgements: Int

  /// The most cases that one transaction looks at for warnings: what waits for the writer meanwhile
  /// waits no longer than a few batches of a link.
  package static let sweptCases = 250

  package init(
    batchBytes: Int = ReplicationBounds.batchBytes,
    batchCommits: Int = ReplicationBounds.batchCommits,
    setAsideBytes: Int = ReplicationBounds.setAsideBytes, acknowledgements: Int = 8_192
  ) {
    self.batchBytes = batchBytes
    self.batchCommits = batchCommits
    self.setAsideBytes = setAsideBytes
    self.acknowledgements = acknowledgements
  }
}
