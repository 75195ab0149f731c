package import Ledger

/// The incident (事件) that a report is linked to: another lead, of which this one stays apart with its
/// own tracking and satisfaction.
package enum IncidentLink {
  /// The act that links a lead to an incident, and the one that parts it again.
  package static let (linkedKind, partedKind) = ("lead.merged", "lead.separated")
  /// The entry of the act's body that names the incident: its whole id.
  package static let entry = "incident"

  /// The incident by a lead's events of the two kinds, whatever stage it came to since; `nil` where it is
  /// linked to none.
  ///
  /// - Parameter events: with the times of their commits. Those with an effect follow each other, so
  ///   the latest counts.
  package static func incident(
    by events: [(event: Event, time: HybridTime)], of state: EntityState
  ) -> EntityID? {
    let without = Set(state.ineffective.map(\.event))
    let last = events.filter { !without.contains($0.event.hash) }
      .max { ($0.time, $0.event.hash) < ($1.time, $1.event.hash) }
    guard let last, last.event.kind == linkedKind,
      let body = try? CanonicalValue(decoding: last.event.body)
    else { return nil }
    return body[entry]?.text.flatMap { EntityID(text: $0) }
  }
}
