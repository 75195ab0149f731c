import Foundation
import Testing

extension CommandTests {
  /// `provision` and `config check`, on a whole city and on folders that were spoilt.
  @Suite struct ProvisionCommands {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static let city = """
      deployment: trial
      regions:
        - {id: hub, no: 1, tier: city, names: 市}
        - {id: east, no: 2, tier: district, names: 东区, parent: hub}
        - {id: lake, no: 3, tier: township, names: 湖镇, parent: east}

      """

    private func provision(_ more: String...) throws -> ProgramRun {
      let file = try scratch.write(Self.city, to: "t.yaml")
      let line = ["provision", file, "--out", scratch.path("city"), "--json"] + more
      return try ProgramRun.shell("$P " + line.map { "'\($0)'" }.joined(separator: " "))
    }

    private func check(_ region: String, _ language: String = "en") throws -> ProgramRun {
      try ProgramRun.run(
        "config", "check", "--home", scratch.path("city/\(region)"), "--lang", language)
    }

    @Test func `the shipped city of 117 nodes gets its folders in one command`() throws {
      let out = scratch.path("city")
      let run = try ProgramRun.run(
        "provision", ProjectFile.path("topology/lianyungang.yaml"), "--out", out)
      #expect(run.status == 0)
      #expect(run.output.contains("117"))
      #expect(try scratch.names("city").count == 118)
      #expect(!run.errors.contains("\r"), "plain lines where there is no terminal")
      #expect(run.errors.contains("[117/117]"))
      let checked = try check("kaifaqu")
      #expect(checked.status == 0 && checked.errors == "", "\(checked.output)\(checked.errors)")
    }

    @Test func `the JSON answer names every node once`() throws {
      let run = try provision("--host", "10.0.0.1", "--base-port", "8000")
      #expect(run.status == 0)
      let answer = try run.json()
      #expect(answer["schema"] as? String == "liandong.provision/1")
      let nodes = try #require(answer["nodes"] as? [[String: Any]])
      #expect(nodes.map { $0["region"] as? String } == ["hub", "east", "lake"])
      #expect(
        nodes.map { $0["address"] as? String } == ["10.0.0.1:8000", "10.0.0.1:8001", nil])
      #expect(nodes.map { $0["parent"] as? String } == [nil, "hub", "east"])
    }

    @Test func `a second run is refused, resuming repairs`() throws {
      #expect(try provision().status == 0)
      let key = try scratch.read("city/lake/node.key")
      let again = try provision()
      #expect(again.status == 77)
      #expect(try again.error().code == "already_provisioned")
      try FileManager.default.removeItem(atPath: scratch.path("city/lake/node.yaml"))
      let resumed = try provision("--resume")
      #expect(resumed.status == 0)
      let nodes = try #require(try resumed.json()["nodes"] as? [[String: Any]])
      #expect(nodes.map { $0["new"] as? Bool } == [false, false, true])
      #expect(try scratch.read("city/lake/node.key") == key)
    }

    @Test func `bad topologies, hosts and CAs leave nothing behind`() throws {
      let bad = try scratch.write("deployment: trial\n", to: "bad.yaml")
      let fault = try ProgramRun.run("provision", bad, "--out", scratch.path("city"))
      #expect(fault.status == 65 && fault.errors.contains("bad.yaml:1:1"))
      #expect(try provision("--host", "a_b").status == 65)
      #expect(try provision("--base-port", "65535").status == 65)
      #expect(try provision("--home", "relative").status == 64)
      #expect(!FileManager.default.fileExists(atPath: scratch.path("city")))
      let none = try provision("--ca", scratch.path("none"))
      #expect(none.status == 78)
      let made = try ProgramRun.run(
        "ca", "init", "--out", scratch.path("other"), "--deployment", "other")
      #expect(made.status == 0)
      let other = try provision("--ca", scratch.path("other"))
      #expect(other.status == 78)
      #expect(try other.error().code == "wrong_deployment")
    }

    @Test func `stores are their owner's alone, certificates, settings and bundles everybody's`()
      throws
    {
      #expect(try provision().status == 0)
      let home = scratch.path("city/lake")
      #expect(try ProgramRun.run("node", "init", "--home", home).status == 0)
      let backup = scratch.path("lake.backup")
      #expect(try ProgramRun.run("backup", "create", backup, "--home", home).status == 0)
      let modes = try ProgramRun.shell(
        "cd '\(home)' && stat -c '%a %n' *.db node.* root.pem seal.key tree.bundle && "
          + "stat -c %a '\(backup)'")
      #expect(
        modes.output == """
          600 liandong.db
          600 node.key
          644 node.pem
          644 node.yaml
          644 root.pem
          600 seal.key
          644 tree.bundle
          600

          """)
    }

    @Test func `an output folder that cannot be made is an error of the disk`() throws {
      let file = try scratch.write(Self.city, to: "t.yaml")
      let run = try ProgramRun.run("provision", file, "--out", "/proc/liandong", "--json")
      #expect(run.status == 74)
    }

    @Test func `config check names every fault of a folder and ends with 78`() throws {
      #expect(try provision().status == 0)
      let yaml = scratch.path("city/lake/node.yaml")
      try scratch.write(
        "deployment: trial\nregion: east\ntier: township\n", to: "city/lake/node.yaml")
      try scratch.setMode(0o640, of: "city/lake/seal.key")
      let run = try check("lake")
      #expect(run.status == 78)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(
        lines.first?.hasPrefix("\(yaml):2:9: “east” is not what the node's certificate") == true)
      #expect(lines.last?.contains("chmod 600") == true)
      let chinese = try check("lake", "zh")
      #expect(chinese.status == 78 && chinese.output.contains("与本节点证书不符"))
      let json = try ProgramRun.run(
        "config", "check", "--json", environment: ["LIANDONG_HOME": scratch.path("city/lake")])
      #expect(json.status == 78 && json.errors == "")
      let findings = try #require(try json.json()["findings"] as? [[String: Any]])
      #expect(findings.map { $0["code"] as? String } == ["not_the_certificate", "exposed"])
    }

    @Test func `another node's certificate, a cut one and a garbled file are each refused`() throws
    {
      #expect(try provision().status == 0)
      let own = try scratch.read("city/lake/node.pem")
      for (text, word) in [
        (try scratch.read("city/east/node.pem"), "ask the CA for a certificate of the key"),
        (String(own.prefix(400)), "not PEM"), ("garbage", "PEM"), ("", "certificates"),
        (try scratch.read("city/ca/root.pem"), "does not count here"),
      ] {
        try scratch.write(text, to: "city/lake/node.pem")
        let run = try check("lake")
        #expect(run.status == 78)
        #expect(run.output.contains(word), "\(run.output)")
      }
    }

    @Test func `a home whose socket path is over 107 bytes is refused with the cure`() throws {
      #expect(try provision().status == 0)
      let deep = scratch.path(String(repeating: "d", count: 90))
      try FileManager.default.moveItem(atPath: scratch.path("city/lake"), toPath: deep)
      let run = try ProgramRun.run("config", "check", "--home", deep, "--lang", "en")
      #expect(run.status == 78)
      let count = deep.utf8.count + "/run/control.sock".utf8.count
      #expect(run.output.contains("has \(count) bytes and a Unix socket's may have 107"))
      #expect(run.output.contains("--home"))
    }

    @Test func `OpenSSL accepts the chains of provisioned nodes for both ends of a link`() throws {
      guard ["/usr/bin/openssl", "/bin/openssl"].contains(where: FileManager.default.fileExists)
      else {
        print("SKIPPED: no openssl in /usr/bin, so its judgement is not asked for")
        return
      }
      #expect(try provision("--host", "127.0.0.1").status == 0)
      for region in ["hub", "east", "lake"] {
        let node = scratch.path("city/\(region)")
        for purpose in ["sslclient", "sslserver"] {
          let run = try ProgramRun.shell(
            "openssl verify -x509_strict -purpose \(purpose) -CAfile \(node)/root.pem "
              + "-untrusted \(node)/node.pem \(node)/node.pem")
          #expect(run.status == 0, "\(run.output)\(run.errors)")
        }
        let own = try ProgramRun.shell("openssl pkey -in \(node)/node.key -pubout")
        let certified = try ProgramRun.shell("openssl x509 -in \(node)/node.pem -noout -pubkey")
        #expect(own.output == certified.output && own.output.contains("BEGIN PUBLIC KEY"))
      }
      let name = try ProgramRun.shell(
        "openssl x509 -in \(scratch.path("city/hub/node.pem")) -noout -ext subjectAltName")
      #expect(name.output.contains("URI:liandong://trial/city/hub"))
      #expect(name.output.contains("IP Address:127.0.0.1"))
    }
  }
}
