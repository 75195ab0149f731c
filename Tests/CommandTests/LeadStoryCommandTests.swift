import Foundation
import Testing

extension CommandTests {
  /// `lead timeline` and `lead export` from the command line.
  @Suite struct LeadStoryCommands {
    private let scratch: ScratchFolder

    init() throws {
      scratch = try ScratchFolder()
      let file = try scratch.write(
        """
        deployment: trial
        regions:
          - {id: hub, no: 1, tier: city, names: 市}
          - {id: east, no: 2, tier: district, names: 东区, parent: hub}

        """, to: "t.yaml")
      let made = try ProgramRun.run("provision", file, "--out", scratch.path("city"))
      try #require(made.status == 0, "\(made.errors)")
      let begun = try run("node", "init")
      try #require(begun.status == 0, "\(begun.errors)")
    }

    private func run(_ words: String...) throws -> ProgramRun {
      let line = words.map { "'\($0)'" }.joined(separator: " ")
      return try ProgramRun.shell("$P \(line) --home '\(scratch.path("city/hub"))'")
    }

    private func report() throws -> String {
      let run = try run(
        "lead", "report", "--title", "噪声\u{1B}[2J", "--channel", "phone", "--as", "wang", "--json")
      return try #require(try run.json()["number"] as? String)
    }

    @Test func `the story is a head and a line for each event, and steers no terminal`() throws {
      let number = try report()
      let told = try run("lead", "timeline", number, "--json")
      let lines = try told.output.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(told.status == 0 && lines.count == 2)
      #expect(lines[0]["schema"] as? String == "liandong.timeline/1")
      #expect(lines[0]["number"] as? String == number && lines[0]["events"] as? Int == 1)
      #expect(lines[1]["schema"] as? String == "liandong.timeline_event/1")
      #expect(lines[1]["place"] as? Int == 1 && lines[1]["stage_after"] as? String == "dispatch")
      let known = try #require(lines[1]["known"] as? [[String: Any]])
      #expect(known.map { $0["region"] as? String } == ["hub"])
      for language in ["zh", "en"] {
        let text = try run("lead", "timeline", number, "--lang", language)
        #expect(text.status == 0 && text.output.contains(number))
        #expect(!text.output.contains("\u{1B}"))
      }
    }

    @Test func `an export is told of, never overwrites, and names what it cannot find`() throws {
      let number = try report()
      let out = scratch.path("lead.tar")
      let made = try run("lead", "export", number, "--out", out, "--json")
      let answer = try made.json()
      #expect(made.status == 0 && answer["schema"] as? String == "liandong.lead_export/1")
      let size = try FileManager.default.attributesOfItem(atPath: out)[.size] as? Int
      #expect(answer["bytes"] as? Int == size && answer["events"] as? Int == 1)
      let again = try run("lead", "export", number, "--out", out, "--json")
      #expect(try again.status == 77 && again.error().code == "already_exists")
      let unknown = try run("lead", "export", "0001-1-000999-8", "--out", out + "2", "--json")
      #expect(unknown.status == 65 && !FileManager.default.fileExists(atPath: out + "2"))
      let nowhere = try run("lead", "export", number, "--out", scratch.path("no/x.tar"), "--json")
      #expect(nowhere.status == 74)
      #expect(try run("lead", "export", number).status == 64)
    }
  }
}
