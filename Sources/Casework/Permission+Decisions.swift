import Ledger
import Regions

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
    case .none:
      Refusal(
        code: .conflictGone, chinese: "该冲突已不存在：又有新的变更到达，请重新查看冲突列表",
        english: "this conflict is no more, another change has arrived: list the conflicts again")
    case .decided:
      Refusal(
        code: .conflictDecided, chinese: "该冲突已有处理决定，无须再办；请用 conflict show 查看",
        english: "this conflict is decided already: see it with conflict show")
    }
  }

  func refusalOfDeciding(on state: EntityState, by actor: Actor) -> Refusal? {
    if state.isPartlyUnderstood { return upgradeNeeded(for: "冲突处理") }
    if actor.tier == .city { return nil }
    return refusal(
      of: .deciders, name: ("冲突处理", "deciding a conflict"), on: state, by: actor)
  }
}
