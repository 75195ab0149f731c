package import Crypto
import Foundation

/// The node's private key for what is sealed to it (the secrets of one-time codes 一次性口令): X25519, 32
/// bytes, in a file of mode 0600.
///
/// Printing it shows nothing of the key.
package struct HomeSealKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The key itself.
  package let privateKey: Curve25519.KeyAgreement.PrivateKey

  /// A new key from the system's generator. Keys have no other source of randomness.
  package static func generate() -> HomeSealKey {
    HomeSealKey(privateKey: Curve25519.KeyAgreement.PrivateKey())
  }

  /// Reads the key of a node's folder.
  ///
  /// - Throws: `HomeError`: not found, exposed, malformed, input or output.
  package static func load(from home: HomeLayout) throws -> HomeSealKey {
    let text = try HomeFolder.readText(
      home.sealKey, atMost: maximumFileSize, readers: .owner)
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    // The cause is left out: it must never quote a key.
    guard lines.count == 3, lines[0] == begin, lines[2] == end,
      let bytes = Data(base64Encoded: lines[1]),
      let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes)
    else {
      throw HomeError(
        .malformed,
        "\(home.sealKey) does not hold a seal key; restore it from the backup of the node's folder")
    }
    return HomeSealKey(privateKey: key)
  }

  /// Writes the key as `seal.key` of a folder, never over another.
  ///
  /// - Throws: `HomeError`: already exists, input or output.
  package func create(in folder: HomeFolder) throws {
    let text = privateKey.rawRepresentation.base64EncodedString()
    try folder.createFile(
      HomeLayout.File.sealKey, "\(Self.begin)\n\(text)\n\(Self.end)\n", readers: .owner)
  }

  package var description: String { "HomeSealKey" }

  package var customMirror: Mirror { Mirror(self, children: []) }

  private static let begin = "-----BEGIN LIANDONG SEAL KEY-----"
  private static let end = "-----END LIANDONG SEAL KEY-----"
  private static let maximumFileSize = 1024
}
