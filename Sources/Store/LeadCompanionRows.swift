import Casework
import Ledger

/// What the table of supervision cases says of one.
struct SupervisionRow: Hashable {
  let lead: EntityID
  let stage: String
  /// Whether it is at no end of its process.
  let isOpen: Bool

  /// `nil` for an entity of another family, and for one that names no lead.
  init?(_ state: EntityState, library: ProcessLibrary) {
    guard let lead = Supervision(state)?.lead else { return nil }
    self.lead = lead
    (stage, isOpen) = state.openStage(by: library)
  }
}

/// What the table of items to rectify says of one.
struct ItemRow: Hashable {
  let lead: EntityID
  let stage: String
  /// Whether it is at no end of its process.
  let isOpen: Bool

  /// `nil` for an entity of another family, and for one that names no lead.
  init?(_ state: EntityState, library: ProcessLibrary) {
    guard let lead = RectificationItem(state)?.lead else { return nil }
    self.lead = lead
    (stage, isOpen) = state.openStage(by: library)
  }
}

extension EntityState {
  /// The stage's key, empty where none stands, and whether it is known to be no end.
  fileprivate func openStage(by library: ProcessLibrary) -> (String, Bool) {
    let known = stage.flatMap { library[rules]?.family(named: family)?.stage($0.stage) }
    return (stage?.stage ?? "", known?.isEnd == false)
  }
}
