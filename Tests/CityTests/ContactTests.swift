import Foundation
import Testing

extension CityTests {
  /// Where a reporter's contact is to be found in a running city, and where it is not.
  @Suite struct ContactTests {
    private static let name = "赵钱孙李某"
    private static let phone = "13955501234567"

    @Test func `a contact is in no file, log, answer, backup or export, but for whoever may look`()
      async throws
    {
      let city = try City()
      for node in city.line + [city.west] { try await node.start() }
      let taken = try city.lake.good(
        "lead", "report", "--title", "夜间焚烧", "--channel", "phone", "--reporter-name", Self.name,
        "--reporter-contact", Self.phone)
      let lead = try #require(taken.first?["number"] as? String)
      try await city.settle()
      try await eventually("the key is at the hub") {
        let shown = try city.hub.good("lead", "show", lead).first
        return (shown?["reporter_contact"] as? [String: Any])?["key_here"] as? Bool == true
      }
      #expect(try city.west.run("lead", "show", lead).status == 65, "another district has no copy")
      try city.hub.good(
        "lead", "dispatch", lead, "--to", "west", "--as", "qian", "--role", "platform_office")
      try await eventually("the other district has the lead") {
        try city.west.run("lead", "show", lead).status == 0
      }

      // The other district holds the lead, and nothing of the contact.
      let elsewhere = try city.west.run(
        "lead", "contact", "show", lead, "--reason", "核实", "--role", "platform_office")
      #expect(elsewhere.status == 65)
      #expect(try city.west.sql("SELECT COUNT(*) FROM entities WHERE family = 'contact'") == "0")
      let inspector = try city.east.run(
        "lead", "contact", "show", lead, "--reason", "核实", "--role", "discipline_inspector")
      #expect(inspector.status == 77)

      var answers = inspector.output + inspector.errors + elsewhere.output + elsewhere.errors
      for node in city.line + [city.west] {
        for verb in ["show", "timeline"] {
          let run = try node.run("lead", verb, lead)
          #expect(run.status == 0)
          answers += run.output + run.errors
        }
        let copy = city.scratch.path("\(node.region).backup")
        try node.good("backup", "create", copy)
        try node.good("lead", "export", lead, "--out", city.scratch.path("\(node.region).tar"))
        #expect(try node.good("verify").first?["ok"] as? Bool == true)
      }
      #expect(try Self.traces(in: Data(answers.utf8)).isEmpty)
      // All folders with stores, their logs and write-ahead logs, sockets' traces, backups, exports.
      #expect(try Self.traces(below: city.scratch.path("")).isEmpty)

      let looked = try city.hub.good(
        "lead", "contact", "show", lead, "--reason", "回访", "--as", "qian", "--role",
        "platform_office")
      #expect(looked.first?["name"] as? String == Self.name)
      #expect(looked.first?["contact"] as? String == Self.phone)
      #expect(try Self.traces(below: city.scratch.path("")).isEmpty, "a look leaves none either")
    }

    @Test func `a destroyed key is gone from all holders' disks, one of which was killed`()
      async throws
    {
      let city = try City()
      for node in city.line { try await node.start() }
      let taken = try city.lake.good(
        "lead", "report", "--title", "夜间焚烧", "--channel", "phone", "--reporter-name", Self.name)
      let lead = try #require(taken.first?["number"] as? String)
      try await city.settle()
      func status(at node: CityNode) throws -> [String: Any] {
        try #require(
          try node.good("lead", "show", lead).first?["reporter_contact"] as? [String: Any])
      }
      try await eventually("the key is at the hub") {
        try status(at: city.hub)["key_here"] as? Bool == true
      }
      let slot = try Data(contentsOf: URL(filePath: city.lake.home + "/contact.keys"))
      let key = slot.suffix(32)
      for node in city.line { #expect(try Self.keys(of: node).range(of: key) != nil) }
      for words in [
        ["dispatch", lead, "--to", "lake"], ["sign", lead],
        ["inspect", lead, "--finding", "属实"], ["close", lead, "--result", "已整改"],
      ] {
        let run = try ToolRun.run(
          ToolRun.liandong, ["lead"] + words + ["--home", city.lake.home, "--json"])
        #expect(run.status == 0, "\(run.errors)")
      }
      try await city.settle()
      city.lake.kill()
      let ordered = try city.hub.good(
        "lead", "contact", "destroy", lead, "--reason", "期满", "--as", "li", "--role", "leader")
      #expect((ordered.first?["outstanding"] as? [String])?.contains("lake") == true)
      #expect(try Self.keys(of: city.lake).range(of: key) != nil)
      try await city.lake.start()
      try await eventually("all have acknowledged") {
        try (status(at: city.hub)["outstanding"] as? [String])?.isEmpty == true
      }
      for node in city.line {
        #expect(try Self.keys(of: node).range(of: key) == nil)
        let run = try node.run(
          "lead", "contact", "show", lead, "--reason", "核实", "--role", "platform_office")
        #expect(run.status == 77 && run.errors.contains("li of hub"))
        #expect(try node.good("verify").first?["ok"] as? Bool == true)
      }
      #expect(try Self.found(key, below: city.scratch.path("")).isEmpty)
    }

    private static func keys(of node: CityNode) throws -> Data {
      try Data(contentsOf: URL(filePath: node.home + "/contact.keys"))
    }

    /// The forms in which a text might lie about.
    private static func forms(of text: String) -> [Data] {
      let plain = Data(text.utf8)
      let hex = plain.map { String(0x100 + Int($0), radix: 16).suffix(2) }.joined()
      let escaped = text.utf16.map { "\\u" + String(0x10000 + Int($0), radix: 16).suffix(4) }
        .joined()
      let utf16 = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      let swapped = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      // Base64 of a text inside another depends on where it begins; the middle of each is fixed.
      let base64 = (0..<3).map { shift in
        let padded = Data(repeating: 0, count: shift) + plain
        return Data(padded.base64EncodedString().dropFirst(4).dropLast(4).utf8)
      }
      return [plain, Data(hex.utf8), Data(hex.uppercased().utf8), Data(escaped.utf8)]
        + [Data(utf16), Data(swapped)] + base64
    }

    private static func traces(in data: Data) throws -> [Int] {
      (forms(of: name) + forms(of: phone)).enumerated().compactMap { index, form in
        data.range(of: form) == nil ? nil : index
      }
    }

    private static func files(below folder: String) throws -> [(path: String, content: Data)] {
      try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { name in
        let path = folder + "/" + name
        let type =
          try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        guard type == .typeRegular else { return nil }
        return (name, try Data(contentsOf: URL(filePath: path)))
      }
    }

    private static func traces(below folder: String) throws -> [String] {
      let files = try files(below: folder)
      #expect(files.contains { $0.path.hasSuffix("liandong.db-wal") }, "nodes are running")
      return try files.filter { try !traces(in: $0.content).isEmpty }.map(\.path)
    }

    private static func found(_ bytes: Data, below folder: String) throws -> [String] {
      try files(below: folder).filter { $0.content.range(of: bytes) != nil }.map(\.path)
    }
  }
}
