/// What `duties apply` takes: the text of a duty list, which the caller has read.
package struct DutyApplyArguments: Codable, Hashable, Sendable {
  package let text: String
  /// When it comes into force; `nil` for now.
  package var from: String?
  /// Whether to tell only what would change.
  package var dryRun = false

  package init(text: String) { self.text = text }
}

/// What `lead route` takes.
package struct LeadRouteArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// The day whose duty list counts, as `2026-11-27`; `nil` for today.
  package var day: String?

  package init(lead: String) { self.lead = lead }
}
