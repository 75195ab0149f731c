import Casework
import Ledger
import Regions

/// What offices do under the third rules file beside what they do under every one.
extension City {
  /// How far a lead is extended at most, in days.
  private static let longestExtension: UInt64 = 2

  /// What somebody at this office might do with a lead of the third rules file.
  func thirdActs(on state: EntityState, at office: Office) throws -> [Act] {
    let isHandler = state.stage?.handler.contains(office.region) ?? false
    var acts = [evidence(), stopAct()]
    acts += extensionActs(on: state, at: office, isHandler: isHandler)
    switch state.stage?.stage {
    case "dispatch": acts += [act("lead.submitted", [:])] + (mergeAct().map { [$0, $0] } ?? [])
    case "merged": acts += Array(repeating: act(IncidentLink.partedKind, [:]), count: 4)
    case "verify": acts += Array(repeating: act("lead.approved", [:]), count: 4)
    case "inspect": acts += [act("lead.submitted", [:])]
    case "returned": acts += try dispatchBack(of: state, at: office)
    default: break
    }
    acts += rectifyActs(on: state, isHandler: isHandler)
    if isHandler { acts += Array(repeating: .sendBack(reason: "不属本辖区"), count: 3) }
    if isHandler, let stage = state.stage, stage.spent.contains("lead.returned") {
      let above = try office.tree.flatMap { $0.parent(of: stage.giver) ?? $0.hub }
      acts += above.map { [act("lead.escalated", ["to": .array([.text($0.rawValue)])])] } ?? []
    }
    return acts
  }

  /// To the office that returned it: it will do so again, if it may.
  private func dispatchBack(of state: EntityState, at office: Office) throws -> [Act] {
    guard let giver = state.stage?.giver, giver != office.region else { return [] }
    return Array(repeating: .dispatch(to: [giver]), count: 3)
  }

  private func act(_ kind: String, _ body: [String: CanonicalValue]) -> Act {
    Act(kind: kind, body: .map(body))
  }

  private func evidence() -> Act {
    act("lead.evidence_added", ["sha256": .bytes(numbers.bytes(Hash.byteCount))])
  }

  /// A clock is stopped or runs again.
  private func stopAct() -> Act {
    numbers.permille(500)
      ? act(Process.clockKinds[0], ["reason": .text("鉴定")]) : act(Process.clockKinds[1], [:])
  }

  /// The handler asks for days; whoever is above who asked answers, and tries to answer again. Few offices
  /// may do either, so both are tried often. Now and then more days are given than asked for; a hostile
  /// office gives them unasked.
  private func extensionActs(on state: EntityState, at office: Office, isHandler: Bool) -> [Act] {
    let request = state.requests[Process.extensionRequested]
    let isAbove = request.map { office.tier < $0.tier || office.tier == .city } ?? false
    let kinds =
      Array(repeating: Process.extensionRequested, count: isHandler ? 2 : 0)
      + Array(repeating: Process.clockKinds[2], count: isAbove ? 6 : office.isHostile ? 1 : 0)
    return kinds.map { kind in
      act(kind, [ClockEffect.days: .integer(Int64(1 + numbers.below(Self.longestExtension)))])
    }
  }

  private func mergeAct() -> Act? {
    numbers.pick(cases).map {
      act(IncidentLink.linkedKind, [IncidentLink.entry: .text($0.description)])
    }
  }

  /// What the inspectors and the office under supervision do with a supervision case.
  func supervisionAct(on state: EntityState, at office: Office) -> (Act, [RegionID])? {
    switch state.stage?.stage {
    case "opened": return (act("supervision.accepted", [:]), [])
    case "accepted", "replied":
      guard numbers.permille(500), let unit = Supervision(state)?.unit else {
        return (act(Process.concludedKind, [:]), [])
      }
      let named: [String: CanonicalValue] = ["to": .array([.text(unit.rawValue)])]
      return (act("supervision.supervisory_suggested", named), [unit])
    case "suggested": return (act("supervision.replied", [:]), [])
    default: return nil
    }
  }
}
