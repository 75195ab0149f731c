import Testing

extension CommandTests {
  /// `topology check` and `topology show`.
  @Suite struct TopologyCommands {
    private static let fault = """
      deployment: trial
      regions:
        - {id: hub, no: 1, tier: city, names: 市}
        - {id: east, no: 2, tier: district, names: 东区, parent: hubb}
        - {id: lake, no: 2, tier: township, names: 湖镇, parent: hub, colour: red}

      """

    @Test func `the shipped files are good in both languages`() throws {
      for name in ["lianyungang", "xuzhou-tongshan"] {
        let file = ProjectFile.path("topology/\(name).yaml")
        let chinese = try ProgramRun.run("topology", "check", file)
        #expect(chinese.status == 0 && chinese.output.contains("没有问题"))
        let english = try ProgramRun.run("topology", "check", file, "--lang", "en")
        #expect(english.status == 0 && english.output.contains("good; deployment"))
      }
    }

    @Test func `faults are answered with file, line, column and cure, and 65`() throws {
      let scratch = try ScratchFolder()
      let file = try scratch.write(Self.fault, to: "t.yaml")
      let run = try ProgramRun.run("topology", "check", file, "--lang=en")
      #expect(run.status == 65)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(
        lines[0].hasPrefix("\(file):4:58: The parent “hubb” is not in the file. Perhaps `hub`"))
      #expect(lines[1].hasPrefix("\(file):5:20: The number 2 is given twice, first on line 4."))
      #expect(lines[2].hasPrefix("\(file):5:63: “colour” is no key here."))
      #expect(run.errors == "3 findings\n")
      let chinese = try ProgramRun.run("topology", "check", file)
      #expect(chinese.status == 65 && chinese.output.contains(":4:58: 行政上级“hubb”不在文件中。"))
    }

    @Test func `the JSON answer is one object with every finding`() throws {
      let scratch = try ScratchFolder()
      let file = try scratch.write(Self.fault, to: "t.yaml")
      let run = try ProgramRun.run("topology", "check", file, "--json")
      #expect(run.status == 65 && run.errors == "")
      let answer = try run.json()
      #expect(answer["schema"] as? String == "liandong.topology_check/1")
      #expect(answer["ok"] as? Bool == false)
      let findings = try #require(answer["findings"] as? [[String: Any]])
      #expect(
        findings.map { $0["code"] as? String } == [
          "unknown_parent", "duplicate_number", "unknown_key",
        ])
      #expect(findings.map { $0["line"] as? Int } == [4, 5, 5])
      #expect(
        findings.allSatisfy { $0.keys.sorted() == ["code", "column", "cure", "line", "message"] })
    }

    @Test func `show draws the tree, or says why it cannot`() throws {
      let file = ProjectFile.path("topology/lianyungang.yaml")
      let run = try ProgramRun.run("topology", "show", file)
      #expect(run.status == 0 && run.errors == "")
      #expect(run.output.split(separator: "\n").count == 1 + 7 + 109 + 1)
      #expect(run.output.hasPrefix("lianyungang-shi 连云港市 city no:"))
      let json = try ProgramRun.run("topology", "show", file, "--json").json()
      #expect((json["regions"] as? [[String: Any]])?.count == 117)

      let scratch = try ScratchFolder()
      let bad = try scratch.write(Self.fault, to: "t.yaml")
      let refused = try ProgramRun.run("topology", "show", bad, "--json", "--lang", "en")
      #expect(refused.status == 65 && refused.output == "")
      let error = try refused.error()
      #expect(error.code == "topology_faults" && error.message.contains("\(bad):4:58: The parent"))
    }

    @Test func `a file that is absent, a folder, binary or too large is bad data`() throws {
      let scratch = try ScratchFolder()
      let large = try scratch.write(String(repeating: "#", count: 1_048_577), to: "large")
      for (file, word) in [
        ("/nowhere/t.yaml", "not_found"), ("/tmp", "malformed"), ("/dev/zero", "malformed"),
        (ProgramRun.path, "malformed"), (large, "malformed"),
      ] {
        let run = try ProgramRun.run("topology", "check", file, "--json")
        #expect(run.status == 65 && run.output == "")
        #expect(try run.error().code == word)
      }
    }
  }
}
