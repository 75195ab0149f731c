import Foundation
import Testing

extension CityTests {
  /// Real nodes across a line of 50 kbit/s, 800 ms there and back and 5% loss: a share of what
  /// `make slow-link` measures, by the same script.
  @Suite(.enabled(if: SlowLink.hindrance == nil, "\(SlowLink.hindrance ?? "")"))
  struct SlowLinkTests {
    @Test func `leads that waited cross a slow line, and urgent things overtake them`() throws {
      let leads = 100
      let run = try SlowLink.run("--leads", "\(leads)", "--case", "slow")
      let answer = try run.object()
      let cases = try #require(answer["cases"] as? [[String: Any]])
      let seen = try #require(cases.first)
      #expect(seen["arrived"] as? Int == leads, "\(run)")
      let theoretical = try #require(seen["theoretical_seconds"] as? Double)
      let seconds = try #require(seen["seconds"] as? Double)
      let connected = try #require(seen["connected_after_seconds"] as? Double)
      // Before the data come the greeting's exchanges, and so few leads hide no loss.
      #expect(seconds - connected < 2 * theoretical + 10, "\(seen)")
      for urgent in ["directive", "urgent_lead"] {
        let found = try #require(seen[urgent] as? [String: Any])
        let came = try #require(found["seconds"] as? Double, "\(urgent): \(seen)")
        #expect(came < 10, "\(urgent): \(seen)")
        // Written when a tenth was through: behind the rest it would be the last to come.
        let already = try #require(found["arrived_at_leads"] as? Int)
        #expect(already < leads, "\(urgent): \(seen)")
      }
    }
  }
}

/// `Tests/SlowLink/run.py`, which lays a slow line between network namespaces.
private enum SlowLink {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "SlowLink/run.py").path

  /// Why it cannot run here; `nil` where it can, and where the script cannot tell: then the test
  /// itself says what is wrong with it.
  static let hindrance: String? = {
    let answer = try? run("--probe").object()
    return (answer?["skipped"] as? String).map { "the slow line is skipped: \($0)" }
  }()

  static func run(_ words: String...) throws -> ToolRun {
    try ToolRun.run(
      "/usr/bin/env", ["python3", script, "--liandong", ToolRun.liandong] + words,
      within: .seconds(180))
  }
}
