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
    /// Who writes it.
    let person: ActingPerson
  }

  let steps: [Step]
  /// What the older system says of the stage, and which stages that may mean.
  let stageWord: String
  let stages: [String]

  /// The acts that one person writes one after the other, which are one commit.
  struct Run {
    let person: ActingPerson
    var steps: [Step] = []
  }

  /// The acts in their order, parted where another role writes; the first run is that of who writes the
  /// founding.
  func runs(foundedBy person: ActingPerson) -> [Run] {
    steps.reduce(into: [Run(person: person)]) { runs, step in
      if runs[runs.count - 1].person != step.person { runs.append(Run(person: step.person)) }
      runs[runs.count - 1].steps.append(step)
    }
  }
}

/// Drafts the acts of a history, each on the one before.
struct HistoryScript {
  private let lead: EntityID
  private var head: Hash
  /// The events so far by kind, as bodies name them.
  private var written: [String: [CanonicalValue]] = [:]

  /// - Parameter event: the founding.
  init(of lead: EntityID, foundedBy event: Hash) {
    self.lead = lead
    head = event
  }

  func draft(_ step: LeadHistory.Step, salt: [UInt8]) -> EventDraft {
    var entries = step.entries
    entries[ClaimedAct.key] = step.claim.value
    for (name, kind) in step.events { entries[name] = .array(written[kind] ?? []) }
    let act = Act(kind: step.rule.kind, body: .map(entries))
    return act.draft(entity: lead, heads: [head], salt: salt, audience: step.audience)
  }

  /// Takes note of the event that a step became.
  mutating func note(_ event: Hash, of step: LeadHistory.Step) {
    head = event
    written[step.rule.kind, default: []].append(.bytes(event.bytes))
  }
}

/// A row that can be imported: a lead, and what was done about it where it comes with a history.
struct ImportableRow: Sendable {
  let content: LeadContent
  /// `nil` for a lead that is new.
  let history: Swift.Result<LeadHistory, CommandError>?
}
