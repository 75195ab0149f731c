/// What `lead figures` takes.
package struct FigureArguments: Codable, Hashable, Sendable {
  /// The first moment of the time looked at; `nil` for the beginning of the year.
  package var from: String?
  /// The first moment after it; `nil` for now.
  package var until: String?
  /// Decimal places of rates; `nil` for two.
  package var places: Int?

  package init() {}
}

/// What `lead sample` takes.
package struct SampleArguments: Codable, Hashable, Sendable {
  /// How many leads.
  package let size: Int
  /// Any text; who draws with the same one gets the same leads.
  package let seed: String
  /// The first moment of the time in which the leads were closed; `nil` for seven days before `until`.
  package var from: String?
  /// The first moment after it; `nil` for now.
  package var until: String?
  /// Whether each lead drawn gets a note of it.
  package var record = false

  package init(size: Int, seed: String) {
    self.size = size
    self.seed = seed
  }
}

/// What `warning early` takes.
package struct HotSpotArguments: Codable, Hashable, Sendable {
  /// How many days are looked at, and compared with as many before; `nil` for 14.
  package var days: Int?
  /// From how many reports on; `nil` for 3.
  package var least: Int?
  /// From how many percent of the reports before on; `nil` for 200.
  package var percent: Int?
  package var limit: Int?

  package init() {}
}
