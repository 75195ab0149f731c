/// Why a set of entries is no link tree.
///
/// It has no cause of its own: nothing below the check can fail.
package struct LinkTreeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of refusal; further kinds may come.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let rawValue: String

    /// More entries than ``LinkTree/maximumEntries``.
    package static let tooManyEntries = Code(rawValue: "too_many_entries")
    /// One region has two entries.
    package static let duplicateRegion = Code(rawValue: "duplicate_region")
    /// Every entry has a parent, or there is no entry.
    package static let noHub = Code(rawValue: "no_hub")
    /// Two entries have no parent.
    package static let severalHubs = Code(rawValue: "several_hubs")
    /// The entry without a parent is not of tier city.
    package static let hubNotCity = Code(rawValue: "hub_not_city")
    /// A parent has no entry.
    package static let unknownParent = Code(rawValue: "unknown_parent")
    /// A region lies above itself.
    package static let cycle = Code(rawValue: "cycle")
    /// A region's tier is not below its parent's.
    package static let tierOutOfOrder = Code(rawValue: "tier_out_of_order")
  }

  /// The kind of refusal.
  package let code: Code
  /// The region at which it was noticed, where there is one.
  package let region: RegionID?
  /// What is wrong, where, and what to do.
  package let message: String

  /// A refusal at a region; the message says what is wrong, where, and what to do.
  package init(_ code: Code, at region: RegionID?, message: String) {
    self.code = code
    self.region = region
    self.message = message
  }

  /// The code and the message, for logs.
  package var description: String { "\(code.rawValue): \(message)" }
}
