package import Ledger

/// What an event that followed all others may have changed of its entity's state.
package struct FoldChange: Hashable, Sendable {
  /// Whether all of it may differ: the entity was founded, or put under other rules.
  package let isWhole: Bool
  /// The slot that the event gave a value, if it gave one.
  package let slot: String?
  /// Whether the event added a warning of its family.
  package let isWarning: Bool
  /// Whether the event's kind does something to clocks.
  package let movesClocks: Bool

  static let everything = FoldChange(
    isWhole: true, slot: nil, isWarning: false, movesClocks: true)
}

extension ProcessLibrary {
  /// What an event of a kind may have changed in an entity's state, by the verdict on it.
  func change(by verdict: Verdict, of kind: String, in state: EntityState) -> FoldChange {
    var (slot, isWarning): (String?, Bool) = (nil, false)
    switch verdict {
    case .moves: slot = Process.stageSlot
    case .describes(let described, _): slot = described
    case .adds: isWarning = kind == Process.warnedKind(of: state.family)
    case .pins, .decides, .declares, .fails, .waits: break
    }
    return FoldChange(
      isWhole: false, slot: slot, isWarning: isWarning,
      movesClocks: movesClocks(kind, under: state.rules))
  }
}
