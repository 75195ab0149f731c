package import Ledger
package import Regions

/// Builds a founding draft: the body's entries with the hash of the rules that they pin.
private func draft(
  _ kind: String, _ entries: [String: CanonicalValue?], rules: Hash, salt: [UInt8],
  audience: [RegionID]
) -> EventDraft {
  var body = entries.compactMapValues { $0 }
  body["rules"] = .bytes(rules.bytes)
  return EventDraft(
    entity: nil, kind: kind, parents: [], audience: audience, salt: salt,
    body: CanonicalValue.map(body).encoded)
}

/// What founds a lead (线索上报). The reporter's name and contact never stand here: see
/// `ContactSeal`.
package struct LeadReport: Hashable, Sendable {
  package var number: LeadNumber
  /// A channel's key, for example `hotline_12345`.
  package var channel: String
  /// Milliseconds since 1970 UTC.
  package var reportedAtMilliseconds: Int64
  package var title: String
  package var text: String
  package var place: String?
  package var region: RegionID?
  package var types: [String] = []
  package var location: Location?
  package var respondent: String?
  /// Names the imported row, so that a second import adds nothing.
  package var sourceKey: Hash?

  package init(
    number: LeadNumber, channel: String, reportedAtMilliseconds: Int64, title: String, text: String
  ) {
    self.number = number
    self.channel = channel
    self.reportedAtMilliseconds = reportedAtMilliseconds
    self.title = title
    self.text = text
  }

  /// - Parameters:
  ///   - rules: the hash of the process to pin.
  ///   - salt: 16 random bytes.
  ///   - audience: the region that writes, and those that are to know from the first.
  package func draft(rules: Hash, salt: [UInt8], audience: [RegionID]) -> EventDraft {
    Casework.draft(
      "lead.reported",
      [
        "number": .text(number.description), "channel": .text(channel),
        "reported": .integer(reportedAtMilliseconds), "title": .text(title), "text": .text(text),
        "place": place.map { .text($0) }, "region": region.map { .text($0.rawValue) },
        "types": .array(types.map { .text($0) }), "location": location?.value,
        "respondent": respondent.map { .text($0) }, "source": sourceKey.map { .bytes($0.bytes) },
      ], rules: rules, salt: salt, audience: audience)
  }
}

/// What founds a reporter's contact (举报人联系方式): ciphertext only, what names its key, and the lead it
/// belongs to. The key itself never stands in the ledger.
package struct ContactSeal: Hashable, Sendable {
  package var lead: EntityID
  /// Opaque to every node without the key.
  package var ciphertext: [UInt8]
  /// What the key is known by: see `ContactKey` of Node.
  package var keyName: Hash

  package init(lead: EntityID, ciphertext: [UInt8], keyName: Hash) {
    self.lead = lead
    self.ciphertext = ciphertext
    self.keyName = keyName
  }

  /// Reads a founding event's body, which anybody may have written; `nil` where a part is missing.
  package init?(body: [UInt8]) {
    guard let value = try? CanonicalValue(decoding: body),
      let lead = value["lead"]?.bytes.flatMap({ EntityID($0) }),
      let ciphertext = value["sealed"]?.bytes, let keyName = value["key"]?.bytes.flatMap(Hash.init)
    else { return nil }
    self.init(lead: lead, ciphertext: ciphertext, keyName: keyName)
  }

  /// See `LeadReport.draft(rules:salt:audience:)`.
  package func draft(rules: Hash, salt: [UInt8], audience: [RegionID]) -> EventDraft {
    Casework.draft(
      ContactKind.sealed,
      [
        "lead": .bytes(lead.bytes), "sealed": .bytes(ciphertext), "key": .bytes(keyName.bytes),
      ], rules: rules, salt: salt, audience: audience)
  }
}

/// What founds a directive (指令下发).
package struct DirectiveIssue: Hashable, Sendable {
  package var title: String
  package var text: String
  /// When it is to be done, in milliseconds since 1970 UTC.
  package var dueMilliseconds: Int64?
  /// The leads that it is about (关联线索).
  package var leads: [EntityID] = []

  package init(title: String, text: String, dueMilliseconds: Int64? = nil) {
    self.title = title
    self.text = text
    self.dueMilliseconds = dueMilliseconds
  }

  /// See `LeadReport.draft(rules:salt:audience:)`.
  package func draft(rules: Hash, salt: [UInt8], audience: [RegionID]) -> EventDraft {
    Casework.draft(
      "directive.issued",
      [
        "title": .text(title), "text": .text(text), "due": dueMilliseconds.map { .integer($0) },
        "leads": leads.isEmpty ? nil : .array(leads.map { .text($0.description) }),
      ], rules: rules, salt: salt, audience: audience)
  }
}

/// What founds one recipient's receipt line (回执), in the directive's own commit.
package struct ReceiptOpening: Hashable, Sendable {
  package var directive: EntityID
  package var recipient: RegionID
  package var department: String?
  package var dueMilliseconds: Int64?

  package init(
    directive: EntityID, recipient: RegionID, department: String? = nil,
    dueMilliseconds: Int64? = nil
  ) {
    self.directive = directive
    self.recipient = recipient
    self.department = department
    self.dueMilliseconds = dueMilliseconds
  }

  /// See `LeadReport.draft(rules:salt:audience:)`.
  package func draft(rules: Hash, salt: [UInt8], audience: [RegionID]) -> EventDraft {
    Casework.draft(
      "receipt.opened",
      [
        "directive": .bytes(directive.bytes), "to": .array([.text(recipient.rawValue)]),
        "department": department.map { .text($0) }, "due": dueMilliseconds.map { .integer($0) },
      ], rules: rules, salt: salt, audience: audience)
  }
}

/// What founds a supervision case (监督案件), which a red warning opens by itself.
package struct SupervisionOpening: Hashable, Sendable {
  package var lead: EntityID
  package var number: String?
  /// The item to rectify that the warning is about; `nil` where it is about the lead itself.
  package var item: EntityID?
  package var warning: CaseWarning
  /// The lead unit of the stay in which the warning falls.
  package var unit: RegionID

  package init(lead: EntityID, number: String?, warning: CaseWarning, unit: RegionID) {
    self.lead = lead
    self.number = number
    self.warning = warning
    self.unit = unit
  }

  /// See `LeadReport.draft(rules:salt:audience:)`.
  package func draft(rules: Hash, salt: [UInt8], audience: [RegionID]) -> EventDraft {
    Casework.draft(Self.kind, entries, rules: rules, salt: salt, audience: audience)
  }

  package static let kind = "supervision.opened"

  /// The founding body's entries, for the check of permission.
  package var body: CanonicalValue { .map(entries) }

  private var entries: [String: CanonicalValue] {
    var entries: [String: CanonicalValue] = [
      "lead": .text(lead.description), "unit": .text(unit.rawValue),
      "level": .text(warning.key.level.rawValue), "subject": .text(warning.key.subject.rawValue),
      "stage": .text(warning.stage), "since": .integer(warning.sinceMilliseconds),
    ]
    entries["number"] = number.map { .text($0) }
    entries["item"] = item.map { .text($0.description) }
    entries["procedure"] = warning.key.rule.map { .text($0.rawValue) }
    return entries
  }
}

/// What founds one item of an order to rectify (整改事项), in the order's own commit.
package struct ItemOpening: Hashable, Sendable {
  package var lead: EntityID
  package var text: String
  /// Who handles the lead, and with it the item; the lead unit first.
  package var handler: [RegionID]
  package var department: String?
  /// When it is due, in milliseconds since 1970 UTC; `nil` leaves it to the process.
  package var dueMilliseconds: Int64?

  package init(lead: EntityID, text: String, handler: [RegionID]) {
    self.lead = lead
    self.text = text
    self.handler = handler
  }

  /// See `LeadReport.draft(rules:salt:audience:)`.
  package func draft(rules: Hash, salt: [UInt8], audience: [RegionID]) -> EventDraft {
    Casework.draft(ItemKind.ordered, entries, rules: rules, salt: salt, audience: audience)
  }

  /// The founding body's entries, for the check of permission.
  package var body: CanonicalValue { .map(entries) }

  private var entries: [String: CanonicalValue] {
    var entries: [String: CanonicalValue] = [
      "lead": .text(lead.description), "text": .text(text),
      "to": .array(handler.map { .text($0.rawValue) }),
    ]
    entries["department"] = department.map { .text($0) }
    entries["due"] = dueMilliseconds.map { .integer($0) }
    return entries
  }
}
