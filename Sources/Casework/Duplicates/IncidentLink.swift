package import Ledger

/// The incident (事件) that a report is linked to: another lead, of which this one stays apart with its
/// own tracking and satisfaction.
package enum IncidentLink {
  /// The act that links a lead to an incident, and the one that parts it again.
  package static let (linkedKind, partedKind) = ("lead.merged", "lead.separated")
  /// The entry of the act's body that names the incident: its whole id.
  package static let entry = "incident"

  /// The incident by a lead's events, whatever stage it came to since; `nil` where it is linked to none.
  ///
  /// Those of the two kinds that have an effect come upon each other, so the last by their parents
  /// counts. Their times do not tell: one may be of a clock that was far ahead.
  ///
  /// - Parameters:
  ///   - events: all that are held of the lead, in any order.
  ///   - result: their fold.
  package static func incident(by events: [FoldInput], in result: FoldResult) -> EntityID? {
    let inOrder = parentsFirst(events, hash: \.event.hash, parents: \.event.parents)
    let last = inOrder.last { input in
      [linkedKind, partedKind].contains(input.event.kind)
        && result.outcomes[input.event.hash] == .effective
    }
    guard let event = last?.event, event.kind == linkedKind,
      let body = try? CanonicalValue(decoding: event.body)
    else { return nil }
    return body[entry]?.text.flatMap { EntityID(text: $0) }
  }
}
