import Ledger
import Regions

extension Refusal {
  /// No such pair is a conflict of the entity.
  package static let conflictGone = Refusal(
    code: .conflictGone, chinese: "没有这一冲突，或又有变更到达使其改变，请重新查看冲突列表",
    english: "there is no such conflict, or a later change altered it: list the conflicts again")
  package static let conflictDecided = Refusal(
    code: .conflictDecided, chinese: "该冲突已有处理决定，无须再办；请用 conflict show 查看",
    english: "this conflict is decided already: see it with conflict show")
}

extension Folder {
  /// Tells whether a decision on a conflict of an entity would be refused now.
  ///
  /// - Returns: `nil` where the decision may go ahead.
  package func refusal(
    ofDeciding pair: Conflict, on state: EntityState, by actor: Actor
  ) -> Refusal? {
    if let refusal = refusal(of: Process.conflictDecidedKind, on: state, by: actor) {
      return refusal
    }
    return switch state.standing(of: pair) {
    case .open: nil
    case .none: .conflictGone
    case .decided: .conflictDecided
    }
  }

  func refusalOfDeciding(on state: EntityState, by actor: Actor) -> Refusal? {
    if state.isPartlyUnderstood { return upgradeNeeded(for: "冲突处理") }
    if actor.tier == .city { return nil }
    return refusal(
      of: .deciders, name: ("冲突处理", "deciding a conflict"), on: state, by: actor)
  }
}
