package import Ledger
import Regions

/// A version of the duty list that the hub published (职责清单下发). It counts from its time on until a
/// later one does; all versions are kept, for the days on which they counted.
package struct PublishedDuties: Sendable {
  package static let kind = "duties.published"

  package let list: DutyList
  /// When it comes into force, in milliseconds since 1970 UTC.
  package let effectiveMilliseconds: Int64
  /// When the hub wrote it.
  package let time: HybridTime
  package let event: Hash

  /// Reads a founding event.
  ///
  /// - Parameter stamp: the stamp of the event's commit; only the tier city publishes.
  /// - Returns: `nil` for anything else than a list that this version can route by.
  package init?(_ event: Event, of stamp: Stamp) {
    guard event.kind == Self.kind, event.isFounding, stamp.tier == .city,
      let body = try? CanonicalValue(decoding: event.body), let bytes = body["duties"]?.bytes,
      bytes.count <= DutyFile.maximumBytes, let effective = body["effective"]?.integer,
      let list = DutyList(decoding: bytes)
    else { return nil }
    self.list = list
    self.effectiveMilliseconds = effective
    self.time = stamp.time
    self.event = event.hash
  }

  /// What founds a publication; it goes to everyone.
  package static func draft(
    _ list: DutyList, effectiveMilliseconds: Int64, salt: [UInt8]
  ) -> EventDraft {
    let body = CanonicalValue.map([
      "rules": .bytes(Process.duties.hash.bytes), "duties": .bytes(list.encoded),
      "effective": .integer(effectiveMilliseconds),
    ])
    return EventDraft(
      entity: nil, kind: kind, parents: [], audience: [.everyone], salt: salt, body: body.encoded)
  }
}

extension [PublishedDuties] {
  /// The versions in the order in which they come into force; of two for the same time the one
  /// written later is last.
  package func inOrder() -> [PublishedDuties] {
    sorted {
      ($0.effectiveMilliseconds, $0.time, $0.event) < ($1.effectiveMilliseconds, $1.time, $1.event)
    }
  }

  /// The version in force at a time, in milliseconds since 1970 UTC, of those in order.
  package func inForce(at milliseconds: Int64) -> PublishedDuties? {
    last { $0.effectiveMilliseconds <= milliseconds }
  }
}

extension Process {
  /// The process of duty lists: a small one of its own, so that the others keep their hashes.
  package static let duties = shipped([
    Family(
      name: "duties", chinese: "职责清单", english: "duty list",
      stages: [Stage("published", "已下发", "published")],
      kinds: [
        KindRule(
          PublishedDuties.kind, "下发", "published", .found(.actor), by: Actors(tiers: [.city]))
      ])
  ])
}
