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
      "provision t.yaml",
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
