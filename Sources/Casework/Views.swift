package import Ledger
package import Regions

/// What is common to the views of entities: the founding body and the stage.
package struct CaseHeader: Hashable, Sendable {
  package let foundedBy: RegionID
  package let foundedAtMilliseconds: UInt64
  /// The stage's key; `nil` where the founding has no effect.
  package let stage: String?
  /// When the event that gave the stage was written, in milliseconds since 1970 UTC.
  package let stageSinceMilliseconds: UInt64?
  /// The lead unit first, then co-units.
  package let handler: [RegionID]
  package let department: String?
  package let dueMilliseconds: Int64?
  package let needsReview: Bool
  package let isPartlyUnderstood: Bool
  /// Of the conflicts, those that nobody has decided.
  package let conflictCount: Int

  init(_ state: EntityState) {
    let stage = state.stage
    self.foundedBy = state.founding.region
    self.foundedAtMilliseconds = state.founding.time.milliseconds
    self.stage = stage?.stage
    self.stageSinceMilliseconds = state.slots[Process.stageSlot]?.time.milliseconds
    self.handler = stage?.handler ?? []
    self.department = stage?.department
    self.dueMilliseconds = stage?.dueMilliseconds
    self.needsReview = state.needsReview
    self.isPartlyUnderstood = state.isPartlyUnderstood
    self.conflictCount = state.openConflictCount
  }
}

/// A lead (线索) as faces and projections read it. Texts are as the offices wrote them, none trusted.
package struct Lead: Hashable, Sendable {
  package let header: CaseHeader
  package let number: String?
  package let channel: String?
  /// When the reporter spoke, in milliseconds since 1970 UTC.
  package let reportedAtMilliseconds: Int64?
  package let title: String?
  package let text: String?
  package let place: String?
  package let region: RegionID?
  package let types: [String]
  package let location: Location?
  package let respondent: String?
  /// 32 bytes that name the row which an import took the lead from.
  package let sourceKey: Hash?
  package let inspections: UInt64
  package let progressNotes: UInt64

  /// `nil` for an entity of another family.
  package init?(_ state: EntityState) {
    guard state.family == "lead" else { return nil }
    let founding = try? CanonicalValue(decoding: state.founding.body)
    func current(_ name: String) -> CanonicalValue? { state[slot: name] ?? founding?[name] }
    self.header = CaseHeader(state)
    self.number = founding?["number"]?.text
    self.channel = founding?["channel"]?.text
    self.reportedAtMilliseconds = founding?["reported"]?.integer
    self.title = current("title")?.text
    self.text = current("text")?.text
    self.place = current("place")?.text
    self.region = current("region")?.text.flatMap { RegionID($0) }
    self.types = current("types")?.array?.compactMap(\.text) ?? []
    self.location = current("location").flatMap { Location($0) }
    self.respondent = current("respondent")?.text
    self.sourceKey = founding?["source"]?.bytes.flatMap { Hash($0) }
    self.inspections = state.facts["lead.inspected"]?.count ?? 0
    self.progressNotes = state.facts["lead.progressed"]?.count ?? 0
  }
}

/// A directive (指令) as faces and projections read it.
package struct Directive: Hashable, Sendable {
  package let header: CaseHeader
  package let title: String?
  package let text: String?
  package let dueMilliseconds: Int64?
  /// The leads that it is about.
  package let leads: [EntityID]

  /// `nil` for an entity of another family.
  package init?(_ state: EntityState) {
    guard state.family == "directive" else { return nil }
    let founding = try? CanonicalValue(decoding: state.founding.body)
    self.header = CaseHeader(state)
    self.title = founding?["title"]?.text
    self.text = founding?["text"]?.text
    self.dueMilliseconds = founding?["due"]?.integer
    self.leads =
      founding?["leads"]?.array?.compactMap { $0.text.flatMap { EntityID(text: $0) } } ?? []
  }
}

/// One recipient's receipt line (回执) of a directive.
package struct ReceiptLine: Hashable, Sendable {
  package let header: CaseHeader
  package let directive: EntityID?
  /// The region that is to receive; its department, if any, is `header.department`.
  package let recipient: RegionID?
  package let feedbacks: UInt64

  /// `nil` for an entity of another family.
  package init?(_ state: EntityState) {
    guard state.family == "receipt" else { return nil }
    let founding = try? CanonicalValue(decoding: state.founding.body)
    self.header = CaseHeader(state)
    self.directive = founding?["directive"]?.bytes.flatMap { EntityID($0) }
    self.recipient = founding?["to"]?.array?.first?.text.flatMap { RegionID($0) }
    self.feedbacks = state.facts["receipt.fed_back"]?.count ?? 0
  }
}

/// A supervision case (监督案件) of the discipline inspectors, as faces and projections read it.
package struct Supervision: Hashable, Sendable {
  package let header: CaseHeader
  package let lead: EntityID?
  /// The lead's number as the opening says it.
  package let number: String?
  /// The item to rectify that was warned of; `nil` where the lead itself was.
  package let item: EntityID?
  /// The office under supervision.
  package let unit: RegionID?
  package let level: WarningLevel?
  package let subject: CaseWarning.Subject?
  package let rule: ProcedureRule?
  /// The stage of the lead, or of the item, when the warning came.
  package let leadStage: String?
  package let sinceMilliseconds: Int64?

  /// `nil` for an entity of another family.
  package init?(_ state: EntityState) {
    guard state.family == "supervision" else { return nil }
    let founding = try? CanonicalValue(decoding: state.founding.body)
    self.header = CaseHeader(state)
    self.lead = founding?["lead"]?.text.flatMap { EntityID(text: $0) }
    self.number = founding?["number"]?.text
    self.item = founding?["item"]?.text.flatMap { EntityID(text: $0) }
    self.unit = founding?["unit"]?.text.flatMap { RegionID($0) }
    self.level = founding?["level"]?.text.flatMap(WarningLevel.init(rawValue:))
    self.subject = founding?["subject"]?.text.flatMap(CaseWarning.Subject.init(rawValue:))
    self.rule = founding?["procedure"]?.text.flatMap(ProcedureRule.init(rawValue:))
    self.leadStage = founding?["stage"]?.text
    self.sinceMilliseconds = founding?["since"]?.integer
  }
}
