package import Ledger
import Regions

/// A process that the hub published (流程下发). From its time on new entities pin it; what pins it
/// already is folded by it whenever it is held.
package struct PublishedProcess: Sendable {
  package static let kind = "process.published"

  package let process: Process
  /// When it comes into force, in milliseconds since 1970 UTC.
  package let effectiveMilliseconds: Int64

  /// Reads a founding event.
  ///
  /// - Parameter stamp: the stamp of the event's commit; only the tier city publishes.
  /// - Returns: `nil` for anything else than a publication that this version can fold by.
  package init?(_ event: Event, of stamp: Stamp) {
    guard event.kind == Self.kind, event.isFounding, stamp.tier == .city,
      let body = try? CanonicalValue(decoding: event.body), let bytes = body["process"]?.bytes,
      let effective = body["effective"]?.integer,
      let process = try? Process(decoding: bytes)
    else { return nil }
    self.process = process
    self.effectiveMilliseconds = effective
  }

  /// What founds a publication; it goes to everyone.
  package static func draft(
    _ process: Process, effectiveMilliseconds: Int64, salt: [UInt8]
  ) -> EventDraft {
    let body = CanonicalValue.map([
      "rules": .bytes(Process.publications.hash.bytes), "process": .bytes(process.encoded),
      "effective": .integer(effectiveMilliseconds),
    ])
    return EventDraft(
      entity: nil, kind: kind, parents: [], audience: [.everyone], salt: salt, body: body.encoded)
  }
}

extension Process {
  /// The process of publications: a small one of its own, so that the others keep their hashes.
  package static let publications = shipped([
    Family(
      name: "process", chinese: "流程", english: "process",
      stages: [Stage("published", "已下发", "published")],
      kinds: [
        KindRule(
          PublishedProcess.kind, "下发", "published", .found(.actor), by: Actors(tiers: [.city]))
      ]),
    Family(
      name: "calendar", chinese: "节假日安排", english: "holidays",
      stages: [Stage("published", "已下发", "published")],
      kinds: [
        KindRule(
          PublishedCalendar.kind, "下发", "published", .found(.actor), by: Actors(tiers: [.city]))
      ]),
  ])
}
