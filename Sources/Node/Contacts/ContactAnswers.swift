/// What `lead contact show` and `destroy` take: the lead, and why.
package struct ContactArguments: Codable, Hashable, Sendable {
  package var lead: String
  package var reason: String

  package init(lead: String, reason: String) {
    self.lead = lead
    self.reason = reason
  }
}

/// A reporter's contact in the clear, for a person whose look is in the ledger: schema
/// `liandong.contact/1`.
package struct ContactAnswer: Codable, Hashable, Sendable, CustomStringConvertible,
  CustomReflectable
{
  package static let schemaName = "liandong.contact/1"

  package let schema: String
  package let lead: String
  package let name: String?
  package let contact: String?
  package let extra: [Extra]
  /// The kind of event and the commit that recorded the look.
  package let kind: String
  package let commit: String

  /// A column of the imported row.
  package struct Extra: Codable, Hashable, Sendable {
    package let name: String
    package let value: String
  }

  package var description: String { "ContactAnswer" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What is known of a reporter's contact without opening it.
package struct ContactStatus: Codable, Hashable, Sendable {
  /// An order to destroy the key.
  package struct Destruction: Codable, Hashable, Sendable {
    package let by: String
    package let role: String
    package let region: String
    /// RFC 3339, by the author's clock.
    package let at: String
    package let reason: String
  }

  /// An office that has destroyed its key.
  package struct Acknowledgement: Codable, Hashable, Sendable {
    package let region: String
    /// RFC 3339, by that office's clock.
    package let at: String
  }

  /// The entity.
  package let id: String
  /// The offices whose nodes hold the key, or held it until it was destroyed.
  package let holders: [String]
  /// Whether this node has the key.
  package let keyHere: Bool
  /// How often it was opened, as far as this node knows.
  package let looks: Int
  /// Absent while nobody ordered it.
  package let destruction: Destruction?
  package let acknowledged: [Acknowledgement]
  /// The holders that have not said yet that their key is destroyed; empty before the order.
  package let outstanding: [String]
}
