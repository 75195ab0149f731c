/// A commit while it is being written. As its stamp is fixed, each event's hash is known as soon as it
/// is added, so later events of the commit can name entities that earlier ones found.
package struct CommitDraft: Sendable {
  package let stamp: Stamp
  let stampBytes: [UInt8]
  let stampHash: Hash
  private(set) var parts: [[UInt8]] = []

  package init(stamp: Stamp) {
    self.stamp = stamp
    self.stampBytes = stamp.encoded
    self.stampHash = Stamp.hash(of: stampBytes)
  }

  /// Adds an event.
  ///
  /// - Returns: the entity that it is about, founded by it or named in it.
  @discardableResult
  package mutating func add(_ draft: EventDraft) -> EntityID {
    let bytes = draft.encoded
    parts.append(bytes)
    return draft.entity
      ?? EntityID(
        founding: Event.hash(of: bytes, stampHash: stampHash),
        milliseconds: stamp.time.milliseconds)
  }

  /// The hash that the event added last will have, for one that follows it in the same commit; `nil`
  /// before the first.
  package var lastHash: Hash? { parts.last.map { Event.hash(of: $0, stampHash: stampHash) } }

  /// The number of events so far.
  package var count: Int { parts.count }
}
