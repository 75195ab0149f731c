import Crypto
import CryptoExtras
import Dispatch
import Foundation
package import Ledger

/// What a password is checked against (口令校验值): scrypt (RFC 7914) with its parameters beside it.
///
/// It stands in an event of the account, so every node in the account's audience can try passwords
/// against it: about a tenth of a second and 32 MiB a try.
package struct PasswordVerifier: Hashable, Sendable {
  /// The binary logarithm of scrypt's N.
  private let costLog2: Int
  private let blockSize: Int
  private let parallelism: Int
  private let salt: [UInt8]
  private let key: [UInt8]

  package static let saltBytes = 16
  private static let keyBytes = 32

  /// What new verifiers are made with.
  private static let usual = (costLog2: 15, blockSize: 8, parallelism: 1)
  /// What a verifier that others wrote may ask for: at most 64 MiB and four passes.
  private static let allowed = (costLog2: 14...16, blockSize: 8...8, parallelism: 1...4)

  /// One derivation at a time, so that many who log on at once take the memory of one.
  private static let queue = DispatchQueue(label: "liandong.passwords")

  /// Stands in for the verifier of an account that is not there, so that the answer takes as long.
  static let decoy = PasswordVerifier(
    costLog2: usual.costLog2, blockSize: usual.blockSize, parallelism: usual.parallelism,
    salt: [UInt8](repeating: 0, count: saltBytes), key: [UInt8](repeating: 0, count: keyBytes))

  private init(
    costLog2: Int, blockSize: Int, parallelism: Int, salt: [UInt8], key: [UInt8]
  ) {
    self.costLog2 = costLog2
    self.blockSize = blockSize
    self.parallelism = parallelism
    self.salt = salt
    self.key = key
  }

  /// The verifier of a password.
  ///
  /// - Parameter salt: 16 random bytes.
  package static func make(of password: Password, salt: [UInt8]) async throws -> PasswordVerifier {
    precondition(salt.count == saltBytes, "a salt has 16 bytes")
    let (costLog2, blockSize, parallelism) = usual
    let key = try await derive(password, salt, costLog2, blockSize, parallelism)
    return PasswordVerifier(
      costLog2: costLog2, blockSize: blockSize, parallelism: parallelism, salt: salt, key: key)
  }

  /// Whether a password is the one. Takes the same time for every answer.
  package func matches(_ password: Password) async throws -> Bool {
    let derived = try await Self.derive(password, salt, costLog2, blockSize, parallelism)
    return zip(derived, key).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func derive(
    _ password: Password, _ salt: [UInt8], _ costLog2: Int, _ blockSize: Int, _ parallelism: Int
  ) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Result {
            let key = try KDF.Scrypt.deriveKey(
              from: password.bytes, salt: salt, outputByteCount: keyBytes, rounds: 1 << costLog2,
              blockSize: blockSize, parallelism: parallelism)
            return key.withUnsafeBytes { Array($0) }
          })
      }
    }
  }

  /// As it stands in an event: `{scheme, n, r, p, salt, key}`, where `n` is a binary logarithm.
  package var value: CanonicalValue {
    .map([
      "scheme": .text(Self.scheme), "n": .integer(Int64(costLog2)), "r": .integer(Int64(blockSize)),
      "p": .integer(Int64(parallelism)), "salt": .bytes(salt), "key": .bytes(key),
    ])
  }

  /// Reads what others wrote; `nil` for another scheme and for parameters beyond what is allowed.
  package init?(_ value: CanonicalValue) {
    func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
      value[name]?.integer.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
    }
    guard value["scheme"]?.text == Self.scheme,
      let costLog2 = number("n", in: Self.allowed.costLog2),
      let blockSize = number("r", in: Self.allowed.blockSize),
      let parallelism = number("p", in: Self.allowed.parallelism),
      let salt = value["salt"]?.bytes, salt.count == Self.saltBytes,
      let key = value["key"]?.bytes, key.count == Self.keyBytes
    else { return nil }
    self.init(
      costLog2: costLog2, blockSize: blockSize, parallelism: parallelism, salt: salt, key: key)
  }

  private static let scheme = "scrypt"
}

/// A password as a person typed it, in the one form in which Unicode writes the same characters.
/// Printing it shows nothing of it.
package struct Password: Sendable, CustomStringConvertible, CustomReflectable {
  fileprivate let bytes: [UInt8]
  /// In characters as people count them.
  let length: Int

  /// The shortest new password, in characters.
  package static let minimumCharacters = 12
  /// The longest that is looked at, in bytes.
  package static let maximumBytes = 1_024

  /// - Returns: `nil` for one that is longer than any password may be.
  package init?(_ text: String) {
    let text = text.precomposedStringWithCanonicalMapping
    guard text.utf8.count <= Self.maximumBytes else { return nil }
    bytes = Array(text.utf8)
    length = text.count
  }

  package var description: String { "Password" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
