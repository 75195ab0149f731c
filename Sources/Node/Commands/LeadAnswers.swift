import Casework
import Ledger
import Regions
import Store

/// A lead in a list. Texts are as the offices wrote them; none is to be trusted.
package struct LeadSummary: Codable, Hashable, Sendable {
  package let id: String
  package let number: String?
  package let title: String?
  package let channel: String?
  package let stage: String?
  package let stageName: String?
  /// RFC 3339, when the event that gave the stage was written.
  package let stageSince: String?
  /// The region that the lead is about.
  package let region: String?
  package let foundedBy: String
  /// The lead unit first, then co-units.
  package let handler: [String]
  package let department: String?
  package let due: String?
  package let reportedAt: String?
  /// Whether an event is held that cannot be folded yet.
  package let waiting: Bool
  /// Whether this version does not understand all of the history.
  package let partlyUnderstood: Bool
  /// Closed while a fact that the close did not know of awaits a look.
  package let needsReview: Bool
  package let conflicts: Int
  /// RFC 3339: this copy is frozen as of then, since the tree learned then puts this node above no
  /// region of the lead any more; absent for a living copy.
  package let frozenSince: String?
  /// The highest level that a clock of the lead has reached; absent while none has.
  package let level: String?
  /// How many of its items to rectify are at no end, and how many of them past their limits.
  package let openItems: Int
  package let overdueItems: Int
}

/// A lead with its whole history.
package struct LeadDetail: Codable, Hashable, Sendable {
  package let lead: LeadSummary
  package let text: String?
  package let place: String?
  package let types: [String]
  package let latitude: Double?
  package let longitude: Double?
  package let respondent: String?
  package let inspections: UInt64
  package let progressNotes: UInt64
  package let audience: [String]
  /// The offices whose nodes hold the key of the reporter's contact; empty once it is destroyed.
  package let contactSealedTo: [String]
  /// What is known of the reporter's contact; absent where there is none.
  package let reporterContact: ContactStatus?
  /// The clocks of the stage and of the whole; none where the process limits nothing.
  package let clocks: [ClockAnswer]
  /// Those accepted last first.
  package let warnings: [WarningAnswer]
  /// The incident that it is linked to; once that has ended, the report can be handled too.
  package let incident: LinkedLead?
  /// The reports that are linked to it.
  package let reports: [LinkedLead]
  /// The items to rectify, in the order in which they came.
  package let items: [ItemAnswer]
  package let timeline: [TimelineLine]
}

/// One event in an entity's history.
package struct TimelineLine: Codable, Hashable, Sendable {
  package let event: String
  package let commit: String
  package let kind: String
  package let kindName: String
  /// RFC 3339, by the author's clock.
  package let at: String
  /// RFC 3339, when this node accepted it.
  package let acceptedAt: String
  /// RFC 3339, when it was done in the older system from which it was imported, and by whom: what that
  /// system says, which nobody here has seen. Absent for what was done here.
  package let claimedAt: String?
  package let claimedBy: String?
  /// RFC 3339, by when it was ordered to be done, where that was over at the import.
  package let claimedDue: String?
  package let actor: String
  package let role: String
  package let region: String
  package let tier: String
  package let incarnation: UInt32
  package let seq: UInt64
  /// `effective`, `waiting`, `unfolded`, or why the event has no effect.
  package let effect: String
  /// What a waiting event waits for: hashes of events and rules files.
  package let waitsFor: [String]
  /// The body's texts, numbers, lists and places by key, as the author wrote them.
  package let details: [String: String]
}

extension NodeCommands {
  func summary(
    of entity: StoredEntity, frozenSince: String?, clocks: [ClockAnswer],
    items: (open: Int, overdue: Int)
  ) -> LeadSummary? {
    guard let state = entity.state, let lead = Lead(state) else { return nil }
    let header = lead.header
    return LeadSummary(
      id: entity.id.description, number: lead.number, title: lead.title, channel: lead.channel,
      stage: header.stage, stageName: stageName(state),
      stageSince: header.stageSinceMilliseconds.map { CommandTime.text($0) },
      region: lead.region?.rawValue, foundedBy: header.foundedBy.rawValue,
      handler: header.handler.map(\.rawValue), department: header.department,
      due: header.dueMilliseconds.map { CommandTime.text($0) },
      reportedAt: lead.reportedAtMilliseconds.map { CommandTime.text($0) },
      waiting: entity.isWaiting, partlyUnderstood: header.isPartlyUnderstood,
      needsReview: header.needsReview, conflicts: header.conflictCount,
      frozenSince: frozenSince,
      level: clocks.compactMap { $0.level.flatMap(WarningLevel.init(rawValue:)) }.max()?.rawValue,
      openItems: items.open, overdueItems: items.overdue)
  }

  /// The lines of a timeline in the language of the request.
  ///
  /// - Parameter longestText: how many characters of each text of a body are shown.
  func lines(
    of timeline: [TimelineEntry], _ state: EntityState?, longestText: Int = .max
  ) -> [TimelineLine] {
    timeline.map { entry in
      let stamp = entry.stamp
      var waitsFor: [String] = []
      let effect: String
      switch entry.effect {
      case .effective: effect = "effective"
      case .ineffective(let reason): effect = reason.rawValue
      case .unfolded: effect = "unfolded"
      case .waiting(let needs):
        effect = "waiting"
        waitsFor = needs.map { Self.word(for: $0) }
      }
      let body = try? CanonicalValue(decoding: entry.event.body)
      let claim = body.flatMap { ClaimedAct(body: $0) }
      return TimelineLine(
        event: entry.event.hash.description, commit: entry.commit.description,
        kind: entry.event.kind, kindName: kindName(entry.event.kind, state),
        at: CommandTime.text(stamp.time.milliseconds),
        acceptedAt: CommandTime.text(entry.acceptedAtMilliseconds),
        claimedAt: claim.map { CommandTime.text($0.atMilliseconds) }, claimedBy: claim?.by,
        claimedDue: claim?.dueMilliseconds.map { CommandTime.text($0) }, actor: stamp.actor,
        role: stamp.role, region: stamp.origin.region.rawValue, tier: stamp.tier.name,
        incarnation: stamp.origin.incarnation, seq: stamp.sequence, effect: effect,
        waitsFor: waitsFor,
        details: Self.details(of: body).mapValues { text in
          text.count > longestText ? text.prefix(longestText) + "…" : text
        })
    }
  }

  /// What is needed, as answers name it.
  static func word(for need: Need) -> String {
    switch need {
    case .event(let hash): "event \(hash)"
    case .rules(let hash): "rules \(hash)"
    }
  }

  /// What a person may read of a body; hashes and ciphertext are left out.
  private static func details(of body: CanonicalValue?) -> [String: String] {
    guard case .map(let entries) = body else { return [:] }
    return entries.compactMapValues(plain)
  }

  /// What a person may read of one entry, hashes by their beginnings; `nil` for what is neither.
  static func words(for value: CanonicalValue) -> String? {
    switch value {
    case .bytes(let bytes): Hash(bytes)?.short
    case .array(let elements): elements.compactMap(words).joined(separator: ", ")
    default: plain(value)
    }
  }

  private static func plain(_ value: CanonicalValue) -> String? {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): String(flag)
    case .array(let elements): elements.compactMap(plain).joined(separator: ", ")
    case .null: ""
    case .map: Location(value).map { LeadContent.degrees(of: $0) }
    case .bytes: nil
    }
  }
}
