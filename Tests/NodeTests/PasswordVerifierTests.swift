import Ledger
import Node
import Testing

/// Passwords: what is kept of them, and what others wrote in their place.
@Suite(.timeLimit(.minutes(10))) struct PasswordVerifierTests {
  private static let salt = [UInt8](0..<16)

  private func verifier(of text: String) async throws -> PasswordVerifier {
    try await PasswordVerifier.make(of: #require(Password(text)), salt: Self.salt)
  }

  @Test func `a password matches in whatever form its characters are written, no other does`()
    async throws
  {
    let made = try await verifier(of: "caf\u{E9}-口令-口令口令")
    let read = try #require(PasswordVerifier(made.value))
    #expect(read == made)
    #expect(try await read.matches(#require(Password("cafe\u{301}-口令-口令口令"))))
    for other in ["", "cafe-口令-口令口令", "caf\u{E9}-口令-口令口令 "] {
      #expect(try await !read.matches(#require(Password(other))))
    }
  }

  @Test func `scrypt is that of the standard`() async throws {
    // Made by Python's hashlib.scrypt(b"correct horse battery", salt=bytes(range(16)), n=32768, r=8,
    // p=1, dklen=32).
    let made = try await verifier(of: "correct horse battery")
    #expect(
      made.value["key"]?.bytes?.hex
        == "c72e940880b3f15bff3fa26a3a49140f80ce9a1c4dd2d5d27bab10014071ba94")
  }

  @Test func `parameters beyond the bounds and other schemes are refused`() async throws {
    guard case .map(let good) = try await verifier(of: "a-long-password").value else {
      Issue.record("no map")
      return
    }
    let bad: [(String, CanonicalValue)] = [
      ("n", .integer(13)), ("n", .integer(17)), ("n", .integer(.max)), ("n", .text("15")),
      ("r", .integer(7)), ("r", .integer(.max)), ("p", .integer(0)), ("p", .integer(5)),
      ("p", .integer(-1)), ("salt", .bytes([])), ("key", .bytes([1])), ("key", .null),
      ("scheme", .text("md5")),
    ]
    for (name, value) in bad {
      #expect(PasswordVerifier(.map(good.merging([name: value]) { $1 })) == nil, "\(name)")
    }
    #expect(PasswordVerifier(.null) == nil)
  }

  @Test func `printing a password shows nothing of it`() throws {
    let password = try #require(Password("a-long-password"))
    #expect("\(password)" == "Password" && String(reflecting: password) == "Password")
    var dumped = ""
    dump(password, to: &dumped)
    #expect(!dumped.contains("long"))
    #expect(Password(String(repeating: "x", count: 1_025)) == nil)
  }
}
