/// Measures what a link carries and says how much may be under way.
///
/// At most two seconds of what was measured are under way, so that an urgent batch never waits longer
/// behind bulk ones, and a broken session loses little. That is at least `leastBytes`: with less, a
/// line whose losses take longer than the window to repair would measure itself down to nothing.
package struct Throughput: Hashable, Sendable {
  /// How far back the measure reaches, in milliseconds: losses come in bursts, and what is
  /// acknowledged after one was delivered in the time before.
  private static let memoryMilliseconds = 8_000.0
  /// A window is sent in so many batches, so that the first is acknowledged while the others travel.
  private static let batchesPerWindow = 4

  /// What may be under way before anything was measured, and however little was.
  package let leastBytes: Int
  private var hasSent = false
  private var bytes = 0.0
  private var milliseconds = 0.0

  /// Before the first session with a peer.
  package init() { leastBytes = ReplicationBounds.firstBytes }

  /// For the next session with a peer. The line may be another one now, so the measure begins anew;
  /// where nothing of what the last session sent was acknowledged it began with too much for that
  /// line, so this one begins with half.
  package init(after last: Throughput) {
    let isTooMuch = last.hasSent && last.bytesPerSecond == nil
    leastBytes = isTooMuch ? max(1, last.leastBytes / 2) : ReplicationBounds.firstBytes
  }

  /// Bytes a second, of late; `nil` until the first batch was acknowledged.
  package var bytesPerSecond: Double? { milliseconds > 0 ? bytes * 1000 / milliseconds : nil }

  /// A batch is under way.
  package mutating func sent() { hasSent = true }

  /// Learns from one acknowledgement.
  ///
  /// - Parameters:
  ///   - bytes: that were acknowledged.
  ///   - milliseconds: since the link had been idle or the acknowledgement before.
  package mutating func acknowledged(bytes: Int, milliseconds: UInt64) {
    // Marks alone carry nothing that could be measured.
    guard bytes > 0 else { return }
    let span = Double(max(milliseconds, 1))
    let kept = Self.memoryMilliseconds / (Self.memoryMilliseconds + span)
    self.bytes = self.bytes * kept + Double(bytes)
    self.milliseconds = self.milliseconds * kept + span
  }

  /// The most bytes that are sent and not acknowledged.
  package var windowBytes: Int {
    let window = (bytesPerSecond ?? 0) * Double(ReplicationBounds.windowMilliseconds) / 1000
    let most = ReplicationBounds.unacknowledgedBatches * ReplicationBounds.batchBytes
    return max(leastBytes, Int(min(window, Double(most))))
  }

  /// The most bytes of the next batch.
  package var batchBytes: Int {
    min(max(1, windowBytes / Self.batchesPerWindow), ReplicationBounds.batchBytes)
  }
}
