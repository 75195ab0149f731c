import Crypto
import Foundation
package import Ledger

/// Seals a reporter's name and contact (举报人姓名、联系方式) with the contact's own key, by
/// ChaCha20-Poly1305. What is sealed is bound to the lead, so it cannot be put beside another one. Who
/// holds the key can read it; all others relay ciphertext.
package enum ContactSealer {
  /// What is sealed.
  package struct Contact: Hashable, Sendable {
    package var name: String?
    package var contact: String?
    /// Columns of an imported row that have no place in a lead; they may hold personal data.
    package var extra: [Extra]

    /// A column's name and text.
    package struct Extra: Hashable, Sendable {
      package let name: String
      package let value: String

      package init(name: String, value: String) {
        self.name = name
        self.value = value
      }
    }

    package init(name: String?, contact: String?, extra: [Extra] = []) {
      self.name = name
      self.contact = contact
      self.extra = extra
    }

    package var isEmpty: Bool { name == nil && contact == nil && extra.isEmpty }
  }

  package static let nonceBytes = 12

  /// Seals a contact.
  ///
  /// - Parameters:
  ///   - lead: the lead that it belongs to.
  ///   - key: used for this contact alone.
  ///   - nonce: 12 random bytes.
  /// - Returns: nonce, ciphertext and tag.
  package static func seal(
    _ contact: Contact, of lead: EntityID, with key: ContactKey, nonce: [UInt8]
  ) throws -> [UInt8] {
    let box = try ChaChaPoly.seal(
      Data(contact.canonical.encoded), using: SymmetricKey(data: key.bytes),
      nonce: ChaChaPoly.Nonce(data: nonce), authenticating: Data(lead.bytes))
    return Array(box.combined)
  }

  /// Opens a contact.
  ///
  /// - Returns: `nil` where it was sealed with another key or beside another lead, or was altered.
  package static func open(
    _ sealed: [UInt8], of lead: EntityID, with key: ContactKey
  ) -> Contact? {
    guard let box = try? ChaChaPoly.SealedBox(combined: sealed),
      let plain = try? ChaChaPoly.open(
        box, using: SymmetricKey(data: key.bytes), authenticating: Data(lead.bytes))
    else { return nil }
    return (try? CanonicalValue(decoding: Array(plain))).map(Contact.init(canonical:))
  }
}

extension ContactSealer.Contact {
  fileprivate var canonical: CanonicalValue {
    var entries: [String: CanonicalValue] = [:]
    entries["name"] = name.map { .text($0) }
    entries["contact"] = contact.map { .text($0) }
    if !extra.isEmpty {
      entries["extra"] = .array(extra.map { .array([.text($0.name), .text($0.value)]) })
    }
    return .map(entries)
  }

  fileprivate init(canonical value: CanonicalValue) {
    self.init(
      name: value["name"]?.text, contact: value["contact"]?.text,
      extra: (value["extra"]?.array ?? []).compactMap { pair in
        guard let parts = pair.array, parts.count == 2, let name = parts[0].text,
          let value = parts[1].text
        else { return nil }
        return Extra(name: name, value: value)
      })
  }
}

/// Printing a contact shows nothing of it, so that it cannot slip into a log.
extension ContactSealer.Contact: CustomStringConvertible, CustomReflectable {
  package var description: String { "Contact" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
