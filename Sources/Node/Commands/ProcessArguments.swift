/// What `process apply` takes: the text of a process file, which the caller has read.
package struct ProcessApplyArguments: Codable, Hashable, Sendable {
  package let text: String
  /// When it comes into force; `nil` for now.
  package var from: String?
  /// Whether to tell only what would change.
  package var dryRun = false

  package init(text: String) { self.text = text }
}

/// What `process move` takes.
package struct ProcessMoveArguments: Codable, Hashable, Sendable {
  /// Leads and directives, by number, id or its beginning.
  package let entities: [String]
  /// The hash of the process, or its beginning; `nil` for the one in force.
  package var to: String?
  package var dryRun = false

  package init(entities: [String]) { self.entities = entities }
}

/// What `lead act` takes: any act of the lead's process.
package struct LeadKindArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// The act's kind, with or without `lead.`, or its Chinese name.
  package let act: String
  /// What the body holds, by name, as people write it.
  package var values: [String: String] = [:]
  /// The items of an order to rectify, each `TEXT` or `TEXT@TIME`; absent where `values` names them.
  package var items: [String]?
  /// The regions that handle it from then on, where the act names them; the lead unit first.
  package var to: [String] = []
  /// Whether the duty list names the units, in place of `to` and `department`.
  package var byRule = false
  package var department: String?
  package var due: String?
  package var urgent = false

  package init(lead: String, act: String) {
    self.lead = lead
    self.act = act
  }
}
