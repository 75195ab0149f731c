import Casework
import Ledger
import Regions

/// The checked history of an imported row: the acts that follow the founding, in their order.
struct LeadHistory: Sendable {
  /// One act that was done in the older system.
  struct Step: Sendable {
    let rule: KindRule
    /// Without what ``events`` adds.
    let entries: [String: CanonicalValue]
    /// The kinds whose events of this history the body names, by entry.
    let events: [String: String]
    let audience: [RegionID]
    let claim: ClaimedAct
  }

  let steps: [Step]
  /// What the older system says of the stage, and which stages that may mean.
  let stageWord: String
  let stages: [String]

  /// Writes the founding and each act on the one before.
  ///
  /// - Parameter add: takes each event and its step, none for the founding; returns the lead and the
  ///   event's hash.
  /// - Returns: the lead.
  func write(
    on founding: EventDraft, salt: () -> [UInt8],
    adding add: (EventDraft, Step?) throws -> (EntityID, Hash)
  ) throws -> EntityID {
    var (lead, head) = try add(founding, nil)
    var written: [String: [CanonicalValue]] = [:]
    for step in steps {
      var entries = step.entries
      entries[ClaimedAct.key] = step.claim.value
      for (name, kind) in step.events { entries[name] = .array(written[kind] ?? []) }
      let act = Act(kind: step.rule.kind, body: .map(entries))
      (lead, head) = try add(
        act.draft(entity: lead, heads: [head], salt: salt(), audience: step.audience), step)
      written[step.rule.kind, default: []].append(.bytes(head.bytes))
    }
    return lead
  }
}

/// A row that can be imported: a lead, and what was done about it where it comes with a history.
struct ImportableRow: Sendable {
  let content: LeadContent
  /// `nil` for a lead that is new.
  let history: Swift.Result<LeadHistory, CommandError>?
}
