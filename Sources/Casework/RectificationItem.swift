package import Ledger
package import Regions

/// The kinds of events around the items of an order to rectify (整改事项).
package enum ItemKind {
  package static let family = "item"
  package static let ordered = "item.ordered"
  package static let extensionRequested = "item.extension_requested"
  package static let extensionGranted = "item.extension_granted"
  /// Hands an item that is to be done to the regions to which its lead goes.
  package static let handedOn = "item.handed_on"
  /// Shows any other item to them.
  package static let followed = "item.followed"
  /// The act on a lead that orders items.
  package static let order = "lead.rectification_ordered"
  /// The act on a lead that says that all of them are done.
  package static let rectified = "lead.rectified"
  /// The entry of an order's body that lists its items.
  package static let list = "items"
}

/// An item of an order to rectify as faces and projections read it.
package struct RectificationItem: Hashable, Sendable {
  package let header: CaseHeader
  package let lead: EntityID?
  package let text: String?

  /// `nil` for an entity of another family.
  package init?(_ state: EntityState) {
    guard state.family == ItemKind.family else { return nil }
    let founding = try? CanonicalValue(decoding: state.founding.body)
    self.header = CaseHeader(state)
    self.lead = founding?["lead"]?.text.flatMap { EntityID(text: $0) }
    self.text = founding?["text"]?.text
  }
}

extension Act {
  /// Hands an item to the regions to which its lead goes (随线索移交); it stays due when it was.
  package static func handOn(
    to regions: [RegionID], department: String?, dueMilliseconds: Int64?
  ) -> Act {
    Act(
      ItemKind.handedOn,
      [
        "to": .array(regions.map { .text($0.rawValue) }),
        "department": department.map { .text($0) }, "due": dueMilliseconds.map { .integer($0) },
      ])
  }

  /// Shows an item that is no more to be done to the regions to which its lead goes (随线索告知).
  package static func follow() -> Act { Act(ItemKind.followed) }
}
