/// What `directive issue` takes (指令下发).
package struct DirectiveIssueArguments: Codable, Hashable, Sendable {
  package var title: String
  package var text: String?
  package var due: String?
  /// The recipients, by id, name or code; empty with ``toAll``.
  package var to: [String] = []
  /// All regions below this one.
  package var toAll = false
  package var department: String?

  package init(title: String) { self.title = title }
}

/// What `directive list` takes.
package struct DirectiveListArguments: Codable, Hashable, Sendable {
  /// The last directive of the page before.
  package var before: String?
  package var limit: Int?

  package init() {}
}

/// What the acts on a directive take, and `directive show`.
package struct DirectiveActArguments: Codable, Hashable, Sendable {
  package var directive: String
  package var text: String?
  /// Whose receipt line: by id, name or code; `nil` for this node's own.
  package var region: String?

  package init(directive: String, text: String? = nil, region: String? = nil) {
    self.directive = directive
    self.text = text
    self.region = region
  }
}
