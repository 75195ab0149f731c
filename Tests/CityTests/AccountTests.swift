import Foundation
import Testing

extension CityTests {
  /// Accounts in a city of real nodes: given from above, good without a network, taken from above.
  @Suite struct AccountTests {
    private static let adminPassword = "administrators-own-word"
    private static let clerkPassword = "clerks-first-password"

    /// Runs a command as a person who logs on with a password.
    private func run(
      _ node: CityNode, _ words: [String], as account: String, _ password: String, in city: City
    ) throws -> ToolRun {
      let file = try secret(password, in: city)
      return try ToolRun.run(
        ToolRun.liandong,
        words + ["--as", account, "--home", node.home, "--lang", "en", "--json"],
        with: ["LIANDONG_PASSWORD_FILE": file])
    }

    private func secret(_ text: String, in city: City) throws -> String {
      let file = try city.scratch.write(text + "\n", to: "secret-\(UUID().uuidString)")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
      return file
    }

    private func asAdministrator(_ words: String..., in city: City) throws -> [String: Any] {
      let run = try run(city.hub, words, as: "root@hub", Self.adminPassword, in: city)
      guard run.status == 0 else { throw CityFault("\(words): \(run.errors)") }
      return try run.object()
    }

    /// Reports a lead at the township as the clerk; the status of the command.
    private func report(_ password: String, in city: City) throws -> Int32 {
      try run(
        city.lake,
        ["lead", "report", "--title", "噪声", "--channel", "phone"], as: "clerk", password, in: city
      ).status
    }

    private func state(at node: CityNode) throws -> String? {
      let accounts = try node.good("account", "list")
      return accounts.first { $0["account"] as? String == "clerk@lake" }?["state"] as? String
    }

    /// The verifiers of the clerk's account, as they stand in the hub's events: hexadecimal.
    private func verifiers(in city: City) throws -> [String] {
      let bytes = try city.hub.sql(
        """
        SELECT hex(ev.bytes) FROM events ev JOIN kinds k ON k.id = ev.kind
        WHERE k.name IN ('account.opened', 'account.password')
          AND instr(ev.bytes, CAST('clerk' AS BLOB)) + (k.name = 'account.password') > 0
        """)
      // The canonical text "key", then 32 bytes.
      let mark = "636B65795820"
      return bytes.split(separator: "\n").compactMap { line in
        line.range(of: mark).map { String(line[$0.upperBound...].prefix(64)) }
      }
    }

    private func holds(_ node: CityNode, hex: String) throws -> Bool {
      let needle = Data(
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
          let start = hex.index(hex.startIndex, offsetBy: offset)
          return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)
        })
      return try ["", "-wal"].contains { suffix in
        let path = node.database + suffix
        guard FileManager.default.fileExists(atPath: path) else { return false }
        return try Data(contentsOf: URL(filePath: path)).range(of: needle) != nil
      }
    }

    @Test func `a clerk logs on offline, forgets the password, and is revoked from above`()
      async throws
    {
      let city = try City()
      let nodes = [city.hub, city.east, city.west, city.lake, city.hill]
      for node in nodes { try await node.start() }
      try city.hub.good(
        "account", "bootstrap", "root", "--person", "管理员", "--new-password-file",
        secret(Self.adminPassword, in: city))
      _ = try asAdministrator(
        "account", "add", "clerk", "--person", "王经办", "--region", "lake", "--grant",
        "township_clerk", "--new-password-file", secret(Self.clerkPassword, in: city), in: city)
      try await eventually("the account is at the township") {
        try state(at: city.lake) == "active"
      }
      try await eventually("accounts are demanded everywhere") {
        try nodes.allSatisfy {
          try $0.run("lead", "report", "--title", "x", "--channel", "phone").status == 77
        }
      }
      // The first log-on seals the township's secret to those above.
      #expect(try report(Self.clerkPassword, in: city) == 0)
      try await city.settle()

      try city.east.good("sync", "pause")
      #expect(try report(Self.clerkPassword, in: city) == 0, "it needs no network")
      #expect(try report("not-the-password", in: city) == 77)
      let challenge = try #require(
        city.lake.good("account", "code", "challenge", "clerk").first?["challenge"] as? String)
      let code = try #require(
        asAdministrator("account", "code", "answer", "clerk@lake", challenge, in: city)["code"]
          as? String)
      try city.lake.good(
        "account", "code", "use", "clerk", code, "--new-password-file",
        secret("clerks-second-password", in: city))
      #expect(try report("clerks-second-password", in: city) == 0)

      _ = try asAdministrator("account", "revoke", "clerk@lake", "--reason", "调离", in: city)
      #expect(try report("clerks-second-password", in: city) == 0, "the link is cut")
      try city.east.good("sync", "resume")
      try city.lake.good("sync", "now")
      try await eventually("the revocation is at the township") {
        try state(at: city.lake) == "revoked"
      }
      #expect(try report("clerks-second-password", in: city) == 77)
      try await city.settle()
      let audit = try city.hub.run("account", "audit")
      let reasons = try audit.objects().compactMap { $0["reason"] as? String }
      #expect(audit.status == 1 && !reasons.isEmpty && Set(reasons) == ["revoked"])

      for node in nodes { try await node.stop() }
      let verifiers = try verifiers(in: city)
      #expect(verifiers.count == 2)
      for verifier in verifiers {
        for node in [city.hub, city.east, city.lake] { #expect(try holds(node, hex: verifier)) }
        for node in [city.west, city.hill] { #expect(try !holds(node, hex: verifier)) }
      }
      for node in nodes { try node.good("verify") }
    }
  }
}
