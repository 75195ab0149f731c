import Foundation
import Glibc
import Testing

extension CityTests {
  /// Broken surroundings and garbage: a clear error at the right side, and an intact store.
  @Suite struct BadInputTests {
    @Test func `a second serve on a store ends with 75 and the first goes on`() async throws {
      let city = try City()
      try await city.lake.start()
      let second = try city.lake.run("serve")
      #expect(second.status == 75)
      #expect(second.errors.contains("another liandong runs on"), "\(second.errors)")
      #expect(city.lake.isRunning)
      try city.lake.report("照常")
      #expect(try city.lake.numbers().count == 1)
    }

    @Test func `a folder of another account is refused and left as it is`() throws {
      guard geteuid() == 0 else {
        print("SKIPPED: only root can give a folder to another account")
        return
      }
      let city = try City()
      let backup = city.scratch.path("backup.db")
      try city.lake.good("backup", "create", backup)
      try ToolRun.tool("chown", "-R", "nobody", city.lake.home)
      let before = try ToolRun.tool("ls", "-ln", city.lake.home)
      for words in [
        ["status"], ["serve"], ["node", "init"], ["lead", "report", "--channel", "phone"],
        ["backup", "restore", backup],
      ] {
        let run = try ToolRun.run(
          ToolRun.liandong, words + ["--home", city.lake.home, "--lang", "en", "--json"])
        #expect(run.status == 77, "\(words): \(run)")
        #expect(run.errors.contains("sudo -u nobody liandong"), "\(words): \(run.errors)")
      }
      #expect(try ToolRun.tool("ls", "-ln", city.lake.home) == before)
    }

    @Test func `a port in use ends serve with a message that names it`() throws {
      let city = try City()
      let (descriptor, port) = try Sockets.listener()
      defer { close(descriptor) }
      let path = city.east.home + "/node.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
        .replacing("127.0.0.1:\(city.east.port ?? 0)", with: "127.0.0.1:\(port)")
      try Data(text.utf8).write(to: URL(filePath: path))
      let run = try city.east.run("serve")
      #expect(run.status == 78, "\(run)")
      #expect(run.errors.contains("\(port)"), "\(run.errors)")
      #expect(run.errors.contains("\"port_in_use\""), "\(run.errors)")
      #expect(try city.east.good("verify").first?["ok"] as? Bool == true)
    }

    @Test func `a socket path over 107 bytes is refused with its length`() throws {
      let city = try City()
      let long = city.scratch.path(String(repeating: "l", count: 100))
      try FileManager.default.moveItem(atPath: city.lake.home, toPath: long)
      let node = CityNode(region: "lake", home: long, port: nil)
      let run = try node.run("serve")
      #expect(run.status == 78)
      #expect(run.errors.contains("107"), "\(run.errors)")
      let verified = try ToolRun.run(
        "/usr/bin/sqlite3", [node.database, "PRAGMA integrity_check"])
      #expect(verified.output == "ok\n")
    }

    @Test(arguments: [
      ("commits", "stamp"), ("commits", "signature"), ("commits", "hash"), ("commits", "previous"),
      ("events", "bytes"), ("events", "hash"),
    ])
    func `one changed byte makes verify name its commit`(_ table: String, _ column: String) throws {
      let city = try City()
      for count in 1...4 { try city.lake.report("第 \(count) 件") }
      #expect(try city.lake.good("verify").first?["ok"] as? Bool == true)
      // The middle of the leads' rows: neither the first nor the last of its chain.
      let row = try city.lake.sql("SELECT id FROM \(table) ORDER BY id DESC LIMIT 1 OFFSET 1")
      let before = try city.lake.sql("SELECT hex(\(column)) FROM \(table) WHERE id = \(row)")
      let hashes = try city.lake.sql("SELECT lower(hex(hash)) FROM commits").split(separator: "\n")
      var digits = Array(before)
      let middle = digits.count / 4 * 2
      digits[middle] = digits[middle] == "0" ? "1" : "0"
      let changed = String(digits)
      try city.lake.sql("UPDATE \(table) SET \(column) = x'\(changed)' WHERE id = \(row)")
      let run = try city.lake.run("verify")
      #expect(run.status == 1)
      let failures = try run.object()["failures"] as? [[String: Any]] ?? []
      let named = failures.compactMap { $0["commit"] as? String }
      #expect(!named.isEmpty && named.allSatisfy { $0.count == 64 })
      if column != "hash" || table != "commits" {
        #expect(named.contains { name in hashes.contains { $0 == name } })
      }
    }

    @Test func `a cut and a garbled database are told of and not written to`() throws {
      let city = try City()
      try city.lake.report("此前")
      let whole = try Data(contentsOf: URL(filePath: city.lake.database))
      for suffix in ["-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: city.lake.database + suffix)
      }
      let spoilt = [
        whole.prefix(whole.count / 2 + 100), Data(repeating: 0x5A, count: whole.count),
        Data("no database".utf8),
      ]
      for bytes in spoilt {
        try Data(bytes).write(to: URL(filePath: city.lake.database))
        for words in [["serve"], ["status"], ["lead", "report", "--channel", "phone"]] {
          let run = try ToolRun.run(
            ToolRun.liandong, words + ["--home", city.lake.home, "--lang", "en", "--json"])
          #expect([65, 74, 78].contains(run.status), "\(words): \(run)")
          #expect(run.errors.contains("liandong.db"), "\(words): \(run.errors)")
        }
      }
    }

    @Test func `a file that is no lead file is refused or all its rows are`() throws {
      let city = try City()
      let garbage = city.scratch.path("garbage.csv")
      try Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ 7) })
        .write(to: URL(filePath: garbage))
      let binary = try city.lake.run("import", "leads", garbage, "--channel", "hotline_12345")
      #expect(binary.status == 65, "\(binary)")
      let absent = try city.lake.run(
        "import", "leads", city.scratch.path("none.csv"), "--channel", "hotline_12345")
      #expect([65, 74].contains(absent.status) && absent.errors.contains("none.csv"), "\(absent)")
      let header = try city.scratch.write("colour,shape\nred,round\n", to: "other.csv")
      let other = try city.lake.run("import", "leads", header, "--channel", "hotline_12345")
      #expect(other.status == 65 || other.output.contains("\"rejected\":1"), "\(other)")
      #expect(try city.lake.sql("SELECT count(*) FROM leads") == "0")
    }
  }
}
