import Foundation
import Testing

extension CommandTests {
  /// `account` and `shift` at a hub's folder, without a running node.
  @Suite struct AccountCommands {
    private let scratch: ScratchFolder

    init() throws {
      scratch = try ScratchFolder()
      let file = try scratch.write(
        """
        deployment: trial
        regions:
          - {id: hub, no: 1, tier: city, names: 市}
          - {id: lake, no: 3, tier: township, names: 湖镇, parent: hub}

        """, to: "t.yaml")
      let run = try ProgramRun.run("provision", file, "--out", scratch.path("city"))
      try #require(run.status == 0, "\(run.errors)")
      for (name, text) in [
        ("admin", "administrators-word"), ("other", "another-password"), ("short", "elevenchars"),
      ] {
        try scratch.write(text + "\n", to: name)
        try scratch.setMode(0o600, of: name)
      }
    }

    private func run(_ line: String, _ environment: String = "") throws -> ProgramRun {
      let filled = line.replacing("@@", with: scratch.path)
      return try ProgramRun.shell(
        "\(environment.replacing("@@", with: scratch.path)) $P \(filled) --json --home "
          + "'\(scratch.path("city/hub"))'")
    }

    private func asRoot(_ line: String) throws -> ProgramRun {
      try run(line + " --as root", "LIANDONG_PASSWORD_FILE='@@/admin'")
    }

    private func bootstrap() throws {
      let begun = try run("account bootstrap root --person 管理员 --new-password-file '@@/admin'")
      let answer = try begun.json()
      #expect(begun.status == 0 && answer["account"] as? String == "root@hub")
      #expect(answer["roles"] as? [String] == ["administrator"])
    }

    @Test func `a session of one command serves the next until it is ended`() throws {
      try bootstrap()
      let login = try run("account login root", "LIANDONG_PASSWORD_FILE='@@/admin'")
      let token = try #require(try login.json()["session"] as? String)
      #expect(token.utf8.count == 64)
      let environment = "LIANDONG_SESSION=\(token)"
      #expect(try run("shift start", environment).status == 0)
      let ended = try run("shift hand-over --note 无事", environment)
      #expect(try ended.json()["note"] as? String == "无事")
      #expect(try run("shift list").output.split(separator: "\n").count == 1)
      #expect(try run("shift start --as other", environment).status == 65)
      #expect(try run("shift start --role leader", environment).status == 77)
      #expect(try run("account logout", environment).status == 0)
      let over = try run("shift start", environment)
      #expect(try over.status == 77 && over.error().code == "login_required")
    }

    @Test func `every command on accounts answers, and a password file logs on for it`() throws {
      #expect(
        try run("lead report --title x --channel phone").status == 0, "nobody demands accounts")
      try bootstrap()
      #expect(
        try run("account bootstrap root --person x --new-password-file '@@/admin'").status == 77)
      let refused = try run("lead report --title x --channel phone")
      #expect(try refused.status == 77 && refused.error().code == "login_required")
      #expect(try asRoot("lead report --title x --channel phone").status == 0)
      let add = "account add wang --person 王某 --grant leader auditor"
      #expect(try asRoot(add + " --new-password-file '@@/short'").status == 65)
      let added = try asRoot(add + " --new-password-file '@@/other'")
      #expect(try added.json()["roles"] as? [String] == ["auditor", "leader"])
      #expect(
        try asRoot("account add li --person 李某 --grant king --new-password-file '@@/other'").status
          == 65)
      #expect(try run("account list").output.split(separator: "\n").count == 2)
      let shown = try run("account show wang").json()
      #expect(shown["account"] as? String == "wang@hub" && shown["verifier"] == nil)
      #expect(try run("account show nobody").status == 65)
      let roles = try asRoot("account roles wang --grant leader")
      #expect(try roles.json()["roles"] as? [String] == ["leader"])
      #expect(try asRoot("account password wang --new-password-file '@@/other'").status == 0)
      let own = try asRoot("account password --new-password-file '@@/other'")
      #expect(own.status == 0, "\(own.errors)")
      #expect(try asRoot("account roles wang --grant leader").error().code == "login_failed")
      let environment = "LIANDONG_PASSWORD_FILE='@@/other'"
      for (verb, state) in [("revoke", "revoked"), ("restore", "active")] {
        let run = try run("account \(verb) wang --reason 调动 --as root", environment)
        #expect(try run.json()["state"] as? String == state)
      }
      #expect(try run("account audit").status == 0)
      #expect(try run("account code challenge root").status == 77)
      #expect(try run("account code answer wang 0000-0000 --as root", environment).status == 77)
      #expect(
        try run("account code use wang 0000-0000 --new-password-file '@@/admin'").status == 77)
    }

    @Test func `a password that others may read is not taken, nor one from nowhere`() throws {
      try scratch.setMode(0o644, of: "admin")
      let exposed = try run("account bootstrap root --person x --new-password-file '@@/admin'")
      #expect(try exposed.status == 78 && exposed.error().code == "exposed")
      let none = try run("account bootstrap root --person x")
      #expect(try none.status == 64 && none.error().code == "no_password")
    }
  }
}
