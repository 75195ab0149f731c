/// Why a set of entries is no link tree.
///
/// It has no cause of its own: nothing below the check can fail.
package struct LinkTreeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of refusal; further kinds may come.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let rawValue: String

    package static let tooManyEntries = Code(rawValue: "too_many_entries")
    package static let duplicateRegion = Code(rawValue: "duplicate_region")
    package static let noHub = Code(rawValue: "no_hub")
    package static let severalHubs = Code(rawValue: "several_hubs")
    package static let hubNotCity = Code(rawValue: "hub_not_city")
    package static let unknownParent = Code(rawValue: "unknown_parent")
    package static let cycle = Code(rawValue: "cycle")
    package static let tierOutOfOrder = Code(rawValue: "tier_out_of_order")
  }

  /// The kind of refusal.
  package let code: Code
  /// The region at which it was noticed, where there is one.
  package let region: RegionID?
  /// What is wrong, where, and what to do.
  package let message: String

  package init(_ code: Code, at region: RegionID?, message: String) {
    self.code = code
    self.region = region
    self.message = message
  }

  package var description: String { "\(code.rawValue): \(message)" }
}
