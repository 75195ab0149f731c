/// What `lead duplicates` takes.
package struct LeadDuplicatesArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// The lowest score that is listed, 1 to 100; `nil` for the usual one.
  package var least: Int?
  package var limit: Int?

  package init(lead: String) { self.lead = lead }
}

/// What `lead incidents` takes.
package struct IncidentListArguments: Codable, Hashable, Sendable {
  package var limit: Int?

  package init() {}
}

/// What `lead hard-cases` takes: from which number on a lead is a hard case, by each criterion.
package struct HardCaseArguments: Codable, Hashable, Sendable {
  /// Reports that are linked to it (重复反映).
  package var reports = 3
  /// Times that it was opened again (反复重办).
  package var reopenings = 1
  /// Days since it was reported while it has not ended (久拖不决).
  package var days = 60
  package var limit: Int?

  package init() {}
}
