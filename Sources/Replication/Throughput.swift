/// Measures what a link carries and says how much may be under way.
///
/// Batches hold at most two seconds of what was measured, so that an urgent batch never waits longer
/// behind a bulk one, and a broken session loses little.
package struct Throughput: Hashable, Sendable {
  /// Bytes a second, smoothed; `nil` until the first batch was acknowledged.
  package private(set) var bytesPerSecond: Double?

  /// - Parameter afterBrokenSession: what the last session had measured; half of it is believed.
  package init(afterBrokenSession last: Double? = nil) {
    bytesPerSecond = last.map { $0 / 2 }
  }

  /// Learns from one batch.
  ///
  /// - Parameters:
  ///   - bytes: that were acknowledged.
  ///   - milliseconds: since the link had been idle or the acknowledgement before.
  package mutating func acknowledged(bytes: Int, milliseconds: UInt64) {
    // Marks alone carry nothing that could be measured.
    guard bytes > 0 else { return }
    let rate = Double(bytes) * 1000 / Double(max(milliseconds, 1))
    bytesPerSecond = bytesPerSecond.map { $0 * 0.7 + rate * 0.3 } ?? rate
  }

  /// The most bytes of the next batch.
  package var batchBytes: Int {
    guard let bytesPerSecond else { return ReplicationBounds.firstBatchBytes }
    let window = bytesPerSecond * Double(ReplicationBounds.windowMilliseconds) / 1000
    return max(1, Int(min(window, Double(ReplicationBounds.batchBytes))))
  }
}
