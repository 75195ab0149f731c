/// What `directive issue` takes (指令下发).
package struct DirectiveIssueArguments: Codable, Hashable, Sendable {
  package var title: String
  package var text: String?
  package var due: String?
  /// The recipients, each a region by id, name or code, or `REGION:DEPARTMENT`; empty with ``toAll``.
  package var to: [String] = []
  /// All regions below this one.
  package var toAll = false
  /// The department of recipients that name none.
  package var department: String?
  /// The leads that it is about, by number or id (关联线索).
  package var leads: [String] = []
  /// Files that go with it, by absolute paths (附件).
  package var attachments: [String] = []
  /// The directive in whose place it comes (替代).
  package var supersedes: String?

  package init(title: String) { self.title = title }
}

/// What `directive list` takes.
package struct DirectiveListArguments: Codable, Hashable, Sendable {
  /// The last directive of the page before.
  package var before: String?
  /// Only those under way that are overdue, as a whole or at a recipient.
  package var overdue = false
  package var limit: Int?

  package init() {}
}

/// What the acts on a directive take, and `directive show`.
package struct DirectiveActArguments: Codable, Hashable, Sendable {
  package var directive: String
  package var text: String?
  /// Whose receipt line: by id, name or code; `nil` for this node's own.
  package var region: String?
  /// Which of the region's lines, where it has several.
  package var department: String?
  /// Until when what is sent back must be done.
  package var due: String?
  /// The directive that comes in its place.
  package var successor: String?

  package init(directive: String, text: String? = nil, region: String? = nil) {
    self.directive = directive
    self.text = text
    self.region = region
  }
}

/// What one directive may name at most.
enum DirectiveBounds {
  static let leads = 32
  static let attachments = 16
}
