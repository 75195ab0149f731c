import Foundation
import Glibc
import Testing

extension CityTests {
  /// The demonstration where it does not come out well.
  @Suite struct DemoTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func report() throws -> [String: Any] {
      let data = Data(try scratch.read("demo.json").utf8)
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func `bad input ends with 65 and replaces an earlier result`() throws {
      try scratch.write("{\"ok\":true}", to: "demo.json")
      let garbage = try scratch.write("a,b\n1,2\n", to: "garbage.csv")
      for input in [garbage, scratch.path("absent.csv")] {
        let run = try ToolRun.run(
          ToolRun.liandong,
          [
            "demo", "--input", input, "--json", scratch.path("demo.json"), "--home", scratch.path,
            "--lang", "en",
          ])
        #expect(run.status == 65, "\(run)")
        #expect(try report()["ok"] as? Bool == false)
        #expect(run.output.hasPrefix("demo FAILED") && run.output.utf8.count < 200)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 2)
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `a signal ends all nodes and then the demonstration`(_ number: Int32, _ status: Int32)
      async throws
    {
      let process = Process()
      process.executableURL = URL(filePath: ToolRun.liandong)
      process.arguments = [
        "demo", "--json", scratch.path("demo.json"), "--home", scratch.path, "--lang", "en",
      ]
      process.environment = ToolRun.environment
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try scratch.file("out")
      process.standardError = try scratch.file("err")
      try process.run()
      func nodes() throws -> Int {
        let run = try ToolRun.run("/usr/bin/pgrep", ["-fc", "serve --home \(scratch.path)/"])
        return Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
      }
      try await eventually("nodes run") { try nodes() > 0 }
      kill(process.processIdentifier, number)
      try await eventually("the demonstration ends") { !process.isRunning }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == status)
      #expect(try nodes() == 0)
      #expect(try report()["ok"] as? Bool == false)
      let errors = try scratch.read("err")
      #expect(errors.contains("the folders stay in \(scratch.path)"), "\(errors)")
    }
  }
}
