import Casework
import Ledger

/// What the tables of supervision cases and of items to rectify say of one: both stand beside a lead.
struct LeadCompanionRow: Hashable {
  let lead: EntityID
  let stage: String
  /// Whether it is known to be at no end of its process.
  let isOpen: Bool

  /// The row of a supervision case; `nil` for another family, and for one that names no lead.
  init?(supervision state: EntityState, library: ProcessLibrary) {
    guard let lead = Supervision(state)?.lead else { return nil }
    self.init(state, beside: lead, library)
  }

  /// The row of an item to rectify; `nil` for another family, and for one that names no lead.
  init?(item state: EntityState, library: ProcessLibrary) {
    guard let lead = RectificationItem(state)?.lead else { return nil }
    self.init(state, beside: lead, library)
  }

  private init(_ state: EntityState, beside lead: EntityID, _ library: ProcessLibrary) {
    let known = state.stage.flatMap {
      library[state.rules]?.family(named: state.family)?.stage($0.stage)
    }
    self.lead = lead
    stage = state.stage?.stage ?? ""
    isOpen = known?.isEnd == false
  }
}
