import Testing

extension CommandTests {
  /// The command line's frame: help, version, usage errors, languages, broken pipes.
  @Suite struct Usage {
    @Test func `version and help are answers`() throws {
      let version = try ProgramRun.run("--version")
      #expect(version.status == 0 && version.output == "0.1.0\n" && version.errors == "")
      for arguments in [["--help"], ["help"], ["topology", "--help"], ["ca", "issue", "--help"]] {
        let run =
          switch arguments.count {
          case 1: try ProgramRun.run(arguments[0])
          case 2: try ProgramRun.run(arguments[0], arguments[1])
          default: try ProgramRun.run(arguments[0], arguments[1], arguments[2])
          }
        #expect(run.status == 0 && run.errors == "" && run.output.contains("USAGE"))
        #expect(run.output.contains(" / "), "help stands in both languages")
      }
    }

    @Test(arguments: [
      "", "nonsense", "topology", "topology check", "topology check a b", "--nonsense",
      "topology check f --lang fr", "ca issue x --ca d --out o --tier village",
      "ca issue X_ --ca d --out o --tier city", "ca init --out d --deployment 连云港",
      "ca issue x --ca d --out o --tier city --host a_b", "provision f --out d --base-port x",
      "provision t.yaml", "origin", "origin close lake", "waiting declare-lost",
    ])
    func `a line that is not understood ends with 64 and no answer`(line: String) throws {
      let run = try ProgramRun.shell("$P \(line)")
      #expect(run.status == 64 && run.output == "")
      #expect(run.errors.hasPrefix("liandong: 命令行有误:"), "\(run.errors)")
      let english = try ProgramRun.shell("LIANDONG_LANG=en $P \(line)")
      #expect(english.status == 64 && !english.errors.contains("命令行有误"))
      let json = try ProgramRun.shell("$P \(line) --json")
      #expect(json.status == 64 && json.output == "")
      #expect(try json.error().code == "usage")
    }

    @Test func `no text of an answer or a message steers a terminal`() throws {
      let scratch = try ScratchFolder()
      let name = "evil\u{1B}[2J\u{9B}31m\u{202E}.yaml"
      let file = try scratch.write(
        "deployment: trial\nregions:\n  - {id: hub, no: 1, tier: city, names: 市}\n", to: name)
      for run in [
        try ProgramRun.run("topology", "check", file),
        try ProgramRun.run("topology", "check", file + ".absent"),
        try ProgramRun.run("topology", "check", file, "--\u{1B}[2J"),
      ] {
        for text in [run.output, run.errors] {
          #expect(
            !text.unicodeScalars.contains {
              $0.properties.generalCategory == .format
                || $0.properties.generalCategory == .control && $0 != "\n"
            }, "\(text.debugDescription)")
        }
        #expect((run.output + run.errors).contains("[2J"), "it is shown, and without effect")
      }
    }

    @Test func `a reader that leaves ends the command quietly`() throws {
      let file = ProjectFile.path("topology/lianyungang.yaml")
      let run = try ProgramRun.shell(
        "$P topology show '\(file)' | true; echo ${PIPESTATUS[0]}")
      #expect(run.output == "0\n" && run.errors == "")
      let checked = try ProgramRun.shell(
        "$P topology check /etc/passwd --json | true; echo ${PIPESTATUS[0]}")
      #expect(checked.output == "65\n" && checked.errors == "")
    }

    @Test func `an answer that the disk does not take is an error of the disk`() throws {
      let file = ProjectFile.path("topology/lianyungang.yaml")
      let run = try ProgramRun.shell("$P topology show '\(file)' --json > /dev/full")
      #expect(run.status == 74)
      #expect(try run.error().code == "output")
    }
  }
}
