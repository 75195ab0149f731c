package import Ledger
package import Regions

/// One act on an entity that exists, ready to be drafted.
package struct Act: Hashable, Sendable {
  package let kind: String
  package let body: CanonicalValue

  /// An act of any kind that the entity's process has.
  package init(kind: String, body: CanonicalValue) {
    self.kind = kind
    self.body = body
  }

  init(_ kind: String, _ entries: [String: CanonicalValue?] = [:]) {
    self.kind = kind
    self.body = .map(entries.compactMapValues { $0 })
  }

  /// The event that the act writes.
  ///
  /// - Parameters:
  ///   - entity: the entity acted on.
  ///   - heads: its heads as the actor saw them; of more than `LedgerBounds.parents` the rest stay
  ///     open for the next act.
  ///   - salt: 16 random bytes.
  ///   - audience: regions to add; a dispatch should add those that it names.
  package func draft(
    entity: EntityID, heads: [Hash], salt: [UInt8], audience: [RegionID] = []
  ) -> EventDraft {
    EventDraft(
      entity: entity, kind: kind, parents: EventDraft.parents(heads), audience: audience,
      salt: salt, body: body.encoded)
  }

  static func note(_ note: String?) -> [String: CanonicalValue?] {
    ["note": note.map { .text($0) }]
  }
}

extension EventDraft {
  /// The change of an event once more, on top of the entity's present heads. See
  /// `Act.draft(entity:heads:salt:audience:)`.
  package init(again event: Event, heads: [Hash], salt: [UInt8], audience: [RegionID]) {
    self.init(
      entity: event.entity, kind: event.kind, parents: Self.parents(heads), audience: audience,
      salt: salt, body: event.body)
  }

  fileprivate static func parents(_ heads: [Hash]) -> [Hash] {
    Array(Set(heads).sorted().prefix(LedgerBounds.parents))
  }
}

extension Act {
  /// Sets a field of a lead (补正); `null` clears it.
  package static func describe(_ field: String, _ value: CanonicalValue) -> Act {
    Act("lead.described", ["field": .text(field), "value": value])
  }

  /// Hands a lead to regions (分办), the lead unit first.
  ///
  /// - Parameters:
  ///   - rule: the row of the duty list by which it is done.
  ///   - dueMilliseconds: since 1970 UTC.
  package static func dispatch(
    to regions: [RegionID], department: String? = nil, rule: String? = nil,
    dueMilliseconds: Int64? = nil,
    note: String? = nil
  ) -> Act {
    Act(
      "lead.dispatched",
      [
        "to": .array(regions.map { .text($0.rawValue) }),
        "department": department.map { .text($0) }, "due": dueMilliseconds.map { .integer($0) },
        "rule": rule.map { .text($0) }, "note": note.map { .text($0) },
      ])
  }

  /// Takes a dispatch back before it is signed for (撤回).
  package static func withdraw(note: String? = nil) -> Act {
    Act("lead.withdrawn", Self.note(note))
  }

  /// Signs for a dispatched lead (签收).
  package static func sign(note: String? = nil) -> Act { Act("lead.signed", Self.note(note)) }

  /// Gives a lead back to the region that dispatched it (退回).
  package static func sendBack(reason: String) -> Act {
    Act("lead.returned", ["reason": .text(reason)])
  }

  /// Records an inspection on site (现场检查).
  package static func inspect(finding: String) -> Act {
    Act("lead.inspected", ["finding": .text(finding)])
  }

  /// Records progress (办理进展).
  package static func progress(_ text: String) -> Act {
    Act("lead.progressed", ["text": .text(text)])
  }

  /// Closes a lead (办结).
  package static func close(result: String) -> Act {
    Act("lead.closed", ["result": .text(result)])
  }

  /// Opens a closed lead again (重办).
  package static func reopen(reason: String) -> Act {
    Act("lead.reopened", ["reason": .text(reason)])
  }
}

extension Act {
  /// Decides on a conflict (冲突处理).
  package static func decide(_ conflict: Conflict, _ verdict: Decision.Verdict) -> Act {
    Act(
      Process.conflictDecidedKind,
      [
        "slot": .text(conflict.slot), "winner": .bytes(conflict.winner.bytes),
        "loser": .bytes(conflict.loser.bytes), "verdict": .text(verdict.rawValue),
      ])
  }

  /// Declares parents lost for good (宣告缺失): at most `LostParents.maximum`.
  package static func declareLost(_ parents: [Hash]) -> Act {
    Act(Process.parentLostKind, LostParents.body(declaring: parents))
  }

  /// Puts an entity under another process (更换流程).
  package static func moveRules(to process: Hash) -> Act {
    Act(Process.rulesMovedKind, ["rules": .bytes(process.bytes)])
  }
}
