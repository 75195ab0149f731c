import Crypto
import Foundation
import Identity
import Testing

@Suite struct KeyIDTests {
  /// The DER of a P-256 SubjectPublicKeyInfo up to the point (RFC 5480), written out by hand.
  private static let prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
    0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]

  @Test func keyIDIsTheHashOfTheSubjectPublicKeyInfoCutTo16Bytes() {
    let key = NodeKey.generate()
    let info = Self.prefix + Array(key.publicKey.x963Representation)
    #expect(key.keyID.bytes == Array(SHA256.hash(data: info).prefix(16)))
    #expect(KeyID(bytes: key.keyID.bytes) == key.keyID)
  }

  @Test(arguments: [0, 15, 17, 32]) func keyIDOfAnotherLengthIsRefused(count: Int) {
    #expect(KeyID(bytes: [UInt8](repeating: 7, count: count)) == nil)
  }

  @Test func keyIDReadsAsHexWithLeadingZeros() throws {
    let id = try #require(KeyID(bytes: [0x00, 0x0A] + [UInt8](repeating: 0xFF, count: 14)))
    #expect(id.description == "000a" + String(repeating: "ff", count: 14))
  }

  @Test func printingAKeyShowsItsIDAndNeverTheKey() throws {
    let key = NodeKey.generate()
    var text = "\(key) \(String(reflecting: key))"
    dump(key, to: &text)
    let secret = key.privateKey.rawRepresentation
    #expect(text.contains(key.keyID.description))
    #expect(!text.contains(secret.base64EncodedString()))
    #expect(!text.contains("PrivateKey"))
  }

  @Test func keyOfAnotherCurveOrAlteredPEMIsRefused() throws {
    let pem = NodeKey.generate().pem
    let p384 = P384.Signing.PrivateKey().pemRepresentation
    #expect(code { _ = try NodeKey(pem: p384) } == .malformed)
    #expect(code { _ = try NodeKey(pem: String(pem.dropFirst(40))) } == .malformed)
    #expect(code { _ = try NodeKey(pem: "") } == .malformed)
  }
}
