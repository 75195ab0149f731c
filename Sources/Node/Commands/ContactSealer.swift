package import Crypto
import Foundation
package import Ledger
package import Regions

/// Seals a reporter's name and contact (举报人姓名、联系方式) so that only the nodes named can read
/// them; all others relay ciphertext.
///
/// A random content key encrypts the data with ChaCha20-Poly1305; HPKE (RFC 9180: X25519,
/// HKDF-SHA256, ChaCha20-Poly1305) wraps that key to each recipient. Both are bound to the lead, so a
/// sealed contact cannot be put beside another lead. The form is the canonical map
/// `{recipients: [{region, enc, wrapped}], sealed}`.
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

  /// One reader: a region and the public key of its node, 32 bytes.
  package struct Recipient: Hashable, Sendable {
    package let region: RegionID
    package let publicKey: [UInt8]

    package init(region: RegionID, publicKey: [UInt8]) {
      self.region = region
      self.publicKey = publicKey
    }
  }

  package static let contentKeyBytes = 32
  package static let nonceBytes = 12
  private static let info = Data("liandong.contact.1".utf8)
  private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly

  /// Seals a contact.
  ///
  /// - Parameters:
  ///   - lead: the lead that it belongs to.
  ///   - contentKey: 32 random bytes, used for this contact alone.
  ///   - nonce: 12 random bytes.
  /// - Throws: an error of the crypto library for a public key that is none.
  package static func seal(
    _ contact: Contact, of lead: EntityID, to recipients: [Recipient], contentKey: [UInt8],
    nonce: [UInt8]
  ) throws -> [UInt8] {
    precondition(contentKey.count == contentKeyBytes, "a content key has 32 bytes")
    let binding = Data(lead.bytes)
    let box = try ChaChaPoly.seal(
      Data(contact.canonical.encoded), using: SymmetricKey(data: contentKey),
      nonce: ChaChaPoly.Nonce(data: nonce), authenticating: binding)
    let wraps = try recipients.sorted { $0.region < $1.region }.map { recipient in
      var sender = try HPKE.Sender(
        recipientKey: Curve25519.KeyAgreement.PublicKey(
          rawRepresentation: recipient.publicKey),
        ciphersuite: suite, info: info)
      let wrapped = try sender.seal(Data(contentKey), authenticating: binding)
      return CanonicalValue.map([
        "region": .text(recipient.region.rawValue), "enc": .bytes(Array(sender.encapsulatedKey)),
        "wrapped": .bytes(Array(wrapped)),
      ])
    }
    return CanonicalValue.map(["recipients": .array(wraps), "sealed": .bytes(Array(box.combined))])
      .encoded
  }

  /// Opens a contact that is sealed to this node.
  ///
  /// - Returns: `nil` where it is not sealed to this key or was altered; nobody learns which.
  package static func open(
    _ ciphertext: [UInt8], of lead: EntityID, by region: RegionID,
    with privateKey: Curve25519.KeyAgreement.PrivateKey
  ) -> Contact? {
    guard let value = try? CanonicalValue(decoding: ciphertext),
      let sealed = value["sealed"]?.bytes, let wraps = value["recipients"]?.array,
      let box = try? ChaChaPoly.SealedBox(combined: sealed)
    else { return nil }
    let binding = Data(lead.bytes)
    for wrap in wraps where wrap["region"]?.text == region.rawValue {
      guard let enc = wrap["enc"]?.bytes, let wrapped = wrap["wrapped"]?.bytes,
        var recipient = try? HPKE.Recipient(
          privateKey: privateKey, ciphersuite: suite, info: info, encapsulatedKey: Data(enc)),
        let key = try? recipient.open(Data(wrapped), authenticating: binding),
        let plain = try? ChaChaPoly.open(
          box, using: SymmetricKey(data: key), authenticating: binding)
      else { continue }
      return (try? CanonicalValue(decoding: Array(plain))).map(Contact.init(canonical:))
    }
    return nil
  }

  /// The regions that a ciphertext says it is sealed to.
  package static func recipients(of ciphertext: [UInt8]) -> [RegionID] {
    let value = try? CanonicalValue(decoding: ciphertext)
    return (value?["recipients"]?.array ?? []).compactMap {
      $0["region"]?.text.flatMap { RegionID($0) }
    }
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
