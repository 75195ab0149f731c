package import Ledger
package import Regions

/// A duty shift (值班): who is on duty at an office, from when, and with which note it was handed over.
/// Clocks do not look at shifts: they run off-hours too.
package struct Shift: Hashable, Sendable {
  package static let family = "shift"
  /// The kind that ends a shift.
  static let handOverKind = "shift.handed_over"

  /// The office: the region at which the shift was begun.
  package let region: RegionID
  package let department: String?
  /// The account that is on duty.
  package let account: String
  /// In milliseconds since 1970 UTC.
  package let startedAtMilliseconds: UInt64
  /// When it was handed over; `nil` while it lasts.
  package let endedAtMilliseconds: UInt64?

  /// - Returns: `nil` for an entity of another family and for a founding without effect.
  package init?(_ state: EntityState) {
    guard state.family == Self.family, let stage = state.slots[Process.stageSlot],
      let founding = try? CanonicalValue(decoding: state.founding.body),
      let account = founding["account"]?.text
    else { return nil }
    self.region = state.founding.region
    self.department = founding["department"]?.text
    self.account = account
    self.startedAtMilliseconds = state.founding.time.milliseconds
    self.endedAtMilliseconds =
      stage.event == state.founding.event ? nil : stage.time.milliseconds
  }

  /// What begins a shift (接班). The office's own offices above see it as they see all.
  ///
  /// - Parameter salt: 16 random bytes.
  package static func draft(
    of account: String, department: String?, at region: RegionID, salt: [UInt8]
  ) -> EventDraft {
    var body: [String: CanonicalValue] = [
      "rules": .bytes(Process.shifts.hash.bytes), "account": .text(account),
    ]
    body["department"] = department.map { .text($0) }
    return EventDraft(
      entity: nil, kind: "shift.started", parents: [], audience: [region], salt: salt,
      body: CanonicalValue.map(body).encoded)
  }
}

extension Act {
  /// Ends a shift with what the next one must know (交班).
  package static func handOver(note: String) -> Act {
    Act(kind: Shift.handOverKind, body: .map(["note": .text(note)]))
  }
}

extension Process {
  /// The process of duty shifts: each shift is an entity of its own, so that two offices never meet in
  /// one and a hand-over is a move that the stage slot decides.
  package static let shifts = shipped([
    Family(
      name: Shift.family, chinese: "值班", english: "duty shift",
      stages: [Stage("on_duty", "在岗", "on duty"), Stage("handed_over", "已交班", "handed over")],
      kinds: [
        KindRule(
          "shift.started", "接班", "started", .found(.actor),
          demands: [Demand(Field("account", .text), "值班账号", "account")]),
        KindRule(
          Shift.handOverKind, "交班", "handed over",
          .move(from: ["on_duty"], to: "handed_over", .keeps), by: Actors(places: [.founder]),
          demands: [Demand(Field("note", .text), "交班记录", "hand-over note")]),
      ])
  ])
}
