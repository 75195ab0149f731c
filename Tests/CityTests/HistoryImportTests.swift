import Foundation
import Glibc
import Testing

extension CityTests {
  /// Histories of an older system through the command line.
  @Suite struct HistoryImportTests {
    private static let mapping = """
      mapping: 1
      lead:
        source_id: 单号
        channel: {constant: phone}
        reported_at: 受理
        title: 题
        reporter_contact: 电话
      stage: {column: 状态, values: {完: archived}}
      steps:
        - {act: registered, at: 受理}
        - {act: triaged, at: 受理, set: {types: {constant: 噪声}}}
        - {act: dispatched, at: 分办, to: [单位, {constant: east}]}
        - {act: signed, at: 分办}
        - {act: found_untrue, at: 办结, set: {finding: {constant: 不属实}}}
        - {act: closed, at: 办结, by: 经办, set: {result: {constant: 已核实}}}
        - {act: archived, at: 办结}
      """
    /// The founding, seven acts.
    private static let eventsOfLead = 8

    private static func table(_ rows: Int) -> String {
      (0..<rows).reduce("单号,受理,题,电话,状态,分办,单位,办结,经办\n") {
        $0 + "H\($1),2024/3/1 08:00,旧案 \($1),139\($1),完,2024/3/2 09:00,湖镇,45370.5,李四\n"
      }
    }

    private let city: City
    private let rows = 2_000
    private let table: String
    private let mapping: String

    init() async throws {
      city = try City()
      for node in [city.hub, city.east] { try await node.start() }
      try await city.applyProcess(upTo: city.east)
      table = try city.scratch.write(Self.table(rows), to: "old.csv")
      mapping = try city.scratch.write(Self.mapping, to: "mapping.yaml")
    }

    private func words(_ more: [String]) -> [String] {
      ["import", "leads", table, "--mapping", mapping, "--as", "wang", "--role", "platform_office"]
        + more + ["--home", city.east.home, "--lang", "en", "--json"]
    }

    private func answer(_ more: String...) throws -> [String: Any] {
      let run = try ToolRun.run(ToolRun.liandong, words(more))
      try #require(run.status == 0, "\(run)")
      return try run.object()
    }

    private func count() throws -> Int {
      Int(try city.east.sql("SELECT count(*) FROM leads").prefix { $0.isNumber }) ?? -1
    }

    /// Starts an import, and kills whoever it is once so many leads are there.
    private func interrupt(after leads: Int, _ kill: (Process) -> Void) async throws {
      let importer = Process()
      importer.executableURL = URL(filePath: ToolRun.liandong)
      importer.arguments = words(["--chunk", "5"])
      importer.environment = ToolRun.environment
      importer.standardOutput = FileHandle.nullDevice
      importer.standardError = FileHandle.nullDevice
      try importer.run()
      try await eventually("\(leads) leads are there") { try count() >= leads }
      kill(importer)
      importer.waitUntilExit()
    }

    @Test
    func
      `an importer and a node killed with -9 leave whole histories, and the next run adds the rest`()
      async throws
    {
      #expect(try answer("--dry-run")["leads"] as? Int == rows)
      #expect(try count() == 0)
      try await city.east.stop()
      try await interrupt(after: 20) { Glibc.kill($0.processIdentifier, SIGKILL) }
      try await city.east.start()
      let first = try count()
      try await interrupt(after: first + 20) { _ in city.east.kill() }
      let second = try count()
      try #require(second < rows, "the kill came too late to show anything")
      try await city.east.start()
      let rest = try answer()
      #expect(rest["duplicate"] as? Int == second && rest["leads"] as? Int == rows - second)
      #expect(rest["rejected"] as? Int == 0)
      #expect(try answer()["duplicate"] as? Int == rows)
      #expect(
        try city.east.sql(
          """
          SELECT DISTINCT count(*) FROM events v JOIN leads l ON l.entity = v.entity
          GROUP BY v.entity
          """) == "\(Self.eventsOfLead)")
      #expect(try city.east.sql("SELECT DISTINCT stage FROM leads") == "archived")
      #expect(try city.east.good("verify").first?["ok"] as? Bool == true)
    }

    @Test func `faults of mapping and command line end with their status and the mapping's lines`()
      throws
    {
      let both = try city.east.run(
        "import", "leads", table, "--mapping", mapping, "--channel", "phone")
      #expect(both.status == 64 && both.errors.contains("--mapping"), "\(both)")
      #expect(try city.east.run("import", "leads", table).status == 64)
      for (from, to, place) in [
        ("mapping: 1", "mapping: 7", "mapping.yaml:1:10: "),
        ("act: signed", "act: signd", "mapping.yaml:13:11: "),
        ("column: 状态", "column: 情况", "mapping.yaml:8:17: "),
      ] {
        try city.scratch.write(Self.mapping.replacing(from, with: to), to: "mapping.yaml")
        let run = try city.east.run("import", "leads", table, "--mapping", mapping)
        #expect(run.status == 65 && run.output.isEmpty, "\(run)")
        #expect(run.errors.contains(place), "\(run.errors)")
      }
      #expect(try count() == 0)
    }
  }
}
