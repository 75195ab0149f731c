import Foundation
import Identity
import Testing

extension CommandTests {
  /// `ca init`, `ca issue` and `cert show`.
  @Suite struct CertificateCommands {
    private let scratch: ScratchFolder

    init() throws {
      scratch = try ScratchFolder()
      let made = try ProgramRun.run(
        "ca", "init", "--out", scratch.path("ca"), "--deployment", "trial")
      #expect(made.status == 0 && made.output.contains("root.key"))
    }

    @Test func `a second CA in the folder is refused and the first stays`() throws {
      let before = try scratch.read("ca/root.pem")
      let again = try ProgramRun.run(
        "ca", "init", "--out", scratch.path("ca"), "--deployment", "trial", "--json")
      #expect(again.status == 77)
      #expect(try again.error().code == "already_exists")
      #expect(try scratch.read("ca/root.pem") == before)
    }

    @Test func `a node is certified with a key made here, once`() throws {
      let run = try issue("--out", scratch.path("node"), "--host", "10.0.0.7")
      #expect(run.status == 0)
      let certificate = try #require(try run.json()["certificate"] as? [String: Any])
      #expect(certificate["uri"] as? String == "liandong://trial/township/lake")
      #expect(certificate["hosts"] as? [String] == ["10.0.0.7"])
      #expect(try scratch.names("node") == ["node.key", "node.pem", "root.pem"])
      _ = try NodeKeyStore(path: scratch.path("node")).load()
      let again = try issue("--out", scratch.path("node"))
      #expect(again.status == 77)
      #expect(try again.error().code == "already_exists")
      let shown = try ProgramRun.run("cert", "show", scratch.path("node/node.pem"), "--lang", "en")
      #expect(shown.status == 0)
      #expect(shown.output.contains("certificate 2 of 2"))
      #expect(shown.output.contains("liandong://trial/township/lake"))
    }

    @Test func `a request made on the node is answered without a key`() throws {
      let key = NodeKey.generate()
      let name = try #require(NodeName(uri: "liandong://trial/township/lake"))
      let request = try scratch.write(
        key.certificateSigningRequest(name: name, hosts: []), to: "lake.csr")
      let run = try issue("--csr", request, "--out", scratch.path("answer"))
      #expect(run.status == 0)
      #expect(try scratch.names("answer") == ["node.pem", "root.pem"])
      let store = NodeKeyStore(path: scratch.path("lake"))
      try store.createKey(key)
      try store.install(
        CertificateChain(pem: scratch.read("answer/node.pem")),
        roots: TrustRoots(pem: scratch.read("answer/root.pem")))
      #expect(try store.load().certified.name == name)

      let other = try ProgramRun.run(
        "ca", "issue", "hill", "--ca", scratch.path("ca"), "--tier", "township", "--csr", request,
        "--out", scratch.path("hill"), "--json")
      #expect(other.status == 77)
      #expect(try other.error().code == "request_refused")
    }

    @Test func `bad input ends with its own status`() throws {
      let garbage = try scratch.write("garbage", to: "garbage")
      let csr = try issue("--csr", garbage, "--out", scratch.path("x"))
      #expect(csr.status == 65)
      let foreign = try issue("--deployment", "elsewhere", "--out", scratch.path("x"))
      #expect(foreign.status == 77)
      let none = try ProgramRun.run(
        "ca", "issue", "lake", "--ca", scratch.path("none"), "--tier", "city", "--out", "x",
        "--json")
      #expect(none.status == 78)
      #expect(try none.error().code == "not_found")
      let shown = try ProgramRun.run("cert", "show", garbage, "--json")
      #expect(shown.status == 78 && shown.output == "")
      #expect(try shown.error().code == "malformed")
      let absent = try ProgramRun.run("cert", "show", "--home", scratch.path("none"))
      #expect(absent.status == 78 && absent.errors.contains("找不到文件"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path("x")))
    }

    @Test func `a CA whose key others can read signs nothing`() throws {
      try scratch.setMode(0o644, of: "ca/issuing.key")
      let run = try issue("--out", scratch.path("node"))
      #expect(run.status == 78)
      let error = try run.error()
      #expect(error.code == "exposed_key" && error.message.contains("chmod 600"))
    }

    private func issue(_ more: String...) throws -> ProgramRun {
      let line =
        ["ca", "issue", "lake", "--ca", scratch.path("ca"), "--tier", "township", "--json"] + more
      return try ProgramRun.shell("$P " + line.map { "'\($0)'" }.joined(separator: " "))
    }
  }
}
