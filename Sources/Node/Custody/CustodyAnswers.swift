/// What `lead export` takes.
package struct LeadExportArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// An absolute path, where nothing may stand yet.
  package let path: String

  package init(lead: String, path: String) {
    self.lead = lead
    self.path = path
  }
}

/// What `lead export` answers: schema `liandong.lead_export/1`.
package struct LeadExportAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let path: String
  package let lead: String
  /// The tar's length, and how many files its list names.
  package let bytes: Int
  package let files: Int
  package let commits: Int
  package let events: Int
  /// Evidence files that are in it, and that are named and not held here.
  package let evidence: Int
  package let evidenceAbsent: Int
  /// Parents that are named and not held here.
  package let missing: Int
  /// SHA-256 of `manifest.txt`, by which one export is told from another.
  package let manifest: String
  /// SHA-256 of `verify.sh`, the same in all exports of this version.
  package let verifier: String
}
