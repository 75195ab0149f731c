import Casework
import Ledger
import Regions

extension NodeCommands {
  /// Has an act that takes the place of one that is spent, such as a second return, go one tier above
  /// the giver. The fold knows no tree, so the acting node names the region in the body.
  ///
  /// Before that act is spent, the region that people name counts; without one it is the same.
  ///
  /// - Throws: `CommandError` of exit 65 where another region is named although the act is spent.
  func goAbove(
    _ arguments: inout LeadKindArguments, for rule: KindRule, of state: EntityState,
    in library: ProcessLibrary, _ places: Places
  ) throws {
    let kinds = library[state.rules]?.family(named: state.family)?.kinds ?? []
    let replaced = kinds.filter { $0.successor == rule.kind }
    guard !replaced.isEmpty, case .move(_, _, .named) = rule.effect, let stage = state.stage,
      let tree = places.tree
    else { return }
    let isSpent = replaced.contains { $0.isSpent(at: stage) }
    guard isSpent || arguments.to.isEmpty else { return }
    let above = Self.above(stage.giver, and: core.region, in: tree)
    guard !arguments.to.isEmpty else {
      arguments.to = [above.rawValue]
      return
    }
    guard try regions(arguments.to, places) == [above] else {
      throw CommandError.field(
        "--to", zh: "已退回过一次,只能报交办单位的上一级 \(above),可省略 --to",
        en:
          "it was returned once: only \(above), one tier above the giver, can rule; leave out --to")
    }
  }

  /// The region one tier above the higher of the giver and the one that acts; the hub, which has none
  /// above, is its own.
  static func above(_ giver: RegionID, and acting: RegionID, in tree: LinkTree) -> RegionID {
    let higher = tree.isAtOrAbove(acting, giver) ? acting : giver
    return tree.parent(of: higher) ?? tree.hub
  }
}
