/// What `lead report` takes (线索上报).
package struct LeadReportArguments: Codable, Hashable, Sendable {
  /// A channel's key, for example `hotline_12345`.
  package var channel: String
  package var title: String?
  package var text: String?
  /// When the reporter spoke; `nil` for now.
  package var reported: String?
  package var place: String?
  /// The region that the lead is about, by id, name or code.
  package var region: String?
  /// Pollution types; `nil` has them found in the text.
  package var types: [String]?
  package var latitude: Double?
  package var longitude: Double?
  package var respondent: String?
  package var reporterName: String?
  package var reporterContact: String?
  package var urgent = false

  package init(channel: String) { self.channel = channel }
}

/// What `lead list` takes.
package struct LeadListArguments: Codable, Hashable, Sendable {
  package var stage: String?
  package var region: String?
  package var handler: String?
  /// Only leads that this node's region handles.
  package var mine = false
  /// The last lead of the page before.
  package var before: String?
  package var limit: Int?

  package init() {}
}

/// What `lead show` takes.
package struct LeadShowArguments: Codable, Hashable, Sendable {
  package var lead: String

  package init(lead: String) { self.lead = lead }
}

/// What `lead describe` takes (补正).
package struct LeadDescribeArguments: Codable, Hashable, Sendable {
  package var lead: String
  package var field: String
  /// `nil` clears the field. Types are separated by commas, a location is `LAT,LON`.
  package var value: String?
  package var urgent = false

  package init(lead: String, field: String, value: String?) {
    self.lead = lead
    self.field = field
    self.value = value
  }
}

/// What `lead dispatch` takes (分办).
package struct LeadDispatchArguments: Codable, Hashable, Sendable {
  package var lead: String
  /// The lead unit first, then co-units; by id, name or code.
  package var to: [String]
  /// Whether the duty list names the units, in place of `to` and `department`.
  package var byRule = false
  package var department: String?
  package var due: String?
  package var note: String?
  package var urgent = false

  package init(lead: String, to: [String]) {
    self.lead = lead
    self.to = to
  }
}

/// What the other acts on a lead take: the lead and a text, which some acts demand.
package struct LeadActArguments: Codable, Hashable, Sendable {
  package var lead: String
  package var text: String?
  package var urgent = false

  package init(lead: String, text: String? = nil, urgent: Bool = false) {
    self.lead = lead
    self.text = text
    self.urgent = urgent
  }
}

/// The acts on a lead that need no more than a text.
package enum LeadAct: String, CaseIterable, Sendable {
  case withdraw, sign, sendBack = "return", inspect, progress, close, reopen
}
