import Foundation
import Testing

extension CityTests {
  /// Who may not link, and how each side learns it.
  @Suite struct LinkRefusalTests {
    @Test func `two nodes speak TLS 1_3 and say so in their status`() async throws {
      let city = try City()
      for node in [city.east, city.lake] { try await node.start() }
      try await eventually("lake is linked") {
        try city.lake.link(to: "east")?["state"] as? String == "connected"
      }
      #expect(try city.lake.link(to: "east")?["tls"] as? String == "TLSv1.3")
      #expect(try city.east.link(to: "lake")?["tls"] as? String == "TLSv1.3")
    }

    @Test func `a client without this deployment's certificate gets an alert`() async throws {
      let city = try City()
      try await city.east.start()
      let port = try #require(city.east.port)
      let bare = try client(of: port, [], in: city)
      #expect(bare.contains("TLSv1.3"))
      #expect(bare.contains("alert number 116"), "certificate required, RFC 8446, 6.2")
      let key = city.scratch.path("foreign.key")
      let certificate = city.scratch.path("foreign.pem")
      try ToolRun.tool(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", "2", "-subj", "/CN=stranger", "-addext",
        "subjectAltName=URI:liandong://trial/township/lake", "-keyout", key, "-out", certificate)
      let foreign = try client(of: port, ["-cert", certificate, "-key", key], in: city)
      #expect(foreign.contains("alert number "))
      let older = try client(of: port, ["-tls1_2"], in: city)
      #expect(older.contains("alert number "))
      #expect(city.east.isRunning)
      #expect(city.east.log.contains("a connection was refused"))
      _ = try city.east.good("status")
    }

    /// Puts files of one node's folder in the place of another's.
    private func put(_ names: String..., of node: CityNode, into other: CityNode) throws {
      for name in names {
        try FileManager.default.removeItem(atPath: "\(other.home)/\(name)")
        try FileManager.default.copyItem(
          atPath: "\(node.home)/\(name)", toPath: "\(other.home)/\(name)")
      }
    }

    @Test func `another township's key and certificate do not open a store`() throws {
      let city = try City()
      try city.lake.report("此前")
      try put("node.key", "node.pem", of: city.hill, into: city.lake)
      let serve = try city.lake.run("serve")
      #expect(serve.status == 78)
      #expect(serve.errors.contains("hill") && serve.errors.contains("lake"), "\(serve.errors)")
      let report = try city.lake.run(
        "lead", "report", "--title", "不应写入", "--channel", "phone")
      #expect(report.status == 78)
      #expect(try city.lake.sql("SELECT count(*) FROM leads") == "1")
    }

    @Test func `another deployment's certificate does not open a store, and both are named`()
      throws
    {
      let city = try City()
      let other = try City(deployment: "elsewhere")
      try put("node.key", "node.pem", "root.pem", of: other.lake, into: city.lake)
      let list = try city.lake.run("lead", "list")
      #expect(list.status == 78)
      for name in ["trial", "elsewhere"] {
        #expect(list.errors.contains("lake of \(name)"), "\(list.errors)")
      }
    }

    @Test func `a child that dials another district refuses what answers`() async throws {
      let city = try City()
      try await city.east.start()
      try city.setParent(of: city.hill, to: try #require(city.east.port))
      try await city.hill.start()
      let link = try await refusal(at: city.hill, by: "west")
      #expect(link["state"] as? String == "refused")
      #expect("\(link["last_error"] ?? "")".contains("east"), "\(link)")
      let own = "SELECT count(*) FROM origins o JOIN regions r ON r.id = o.region"
      #expect(try city.east.sql(own + " WHERE r.name = 'hill'") == "0", "nothing of hill's came")
    }

    @Test func `a node of another deployment is refused at both ends`() async throws {
      let city = try City()
      let other = try City(deployment: "elsewhere")
      try await city.east.start()
      try city.setParent(of: other.lake, to: try #require(city.east.port))
      try other.lake.report("不应上行")
      try await other.lake.start()
      _ = try await refusal(at: other.lake, by: "east")
      #expect(try city.east.sql("SELECT count(*) FROM leads") == "0")
    }

    @Test func `a changed tree of the folder is refused before a store stands`() throws {
      let city = try City(initialised: false)
      let path = city.lake.home + "/tree.bundle"
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(filePath: path))
      let run = try city.lake.run("node", "init")
      #expect(run.status == 77, "\(run)")
      #expect(run.errors.contains("tree.bundle"), "\(run.errors)")
    }

    @Test func `an expired certificate links no more, and a renewed one again`() async throws {
      let city = try City(initialised: false)
      let renewed = try String(contentsOfFile: city.lake.home + "/node.pem", encoding: .utf8)
      let expiry = try city.issueShortLived(to: city.lake, seconds: 12)
      for node in [city.east, city.lake] { try node.good("node", "init") }
      for node in city.line { try await node.start() }
      let early = try city.lake.report("到期之前")
      try await eventually("the lead is at the hub") { try city.hub.numbers().contains(early) }
      try await eventually("the certificate expires") { Date() > expiry }
      try await city.lake.stop()
      try await city.lake.start()
      let late = try city.lake.report("到期之后")
      let link = try await refusal(at: city.lake, by: "east")
      #expect("\(link["last_error"] ?? "")".contains("ended at"), "\(link)")
      #expect(link["state"] as? String == "refused")
      #expect(try city.hub.numbers() == [early])
      for node in city.line { #expect(try node.good("verify").first?["ok"] as? Bool == true) }

      try Data(renewed.utf8).write(to: URL(filePath: city.lake.home + "/node.pem"))
      try await eventually("the renewed certificate links without a restart", within: .seconds(60))
      {
        try city.hub.numbers() == [early, late]
      }
      #expect(city.lake.log.contains("a renewed certificate is in force"))
      for node in city.line {
        #expect(try node.good("verify").first?["ok"] as? Bool == true)
        #expect(try node.sql("SELECT count(*) FROM set_aside") == "0")
      }
    }

    /// What OpenSSL's client says of a handshake with that port.
    private func client(of port: Int, _ options: [String], in city: City) throws -> String {
      let run = try ToolRun.run(
        "/usr/bin/openssl",
        ["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "h2"] + options)
      return run.output + run.errors
    }

    /// Waits until the node's status tells why it has no link.
    private func refusal(at node: CityNode, by parent: String) async throws -> [String: Any] {
      var found: [String: Any] = [:]
      try await eventually("\(node.region) is told why it has no link") {
        found = try node.link(to: parent) ?? [:]
        return found["state"] as? String != "connected" && found["last_error"] is String
      }
      return found
    }
  }
}

extension City {
  /// Has a node dial another port than the tree names.
  func setParent(of node: CityNode, to port: Int) throws {
    let path = node.home + "/node.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try Data("\(text)\nparent: \"127.0.0.1:\(port)\"\n".utf8).write(to: URL(filePath: path))
  }

  /// Puts a certificate for the node's own key into its folder that expires soon; gives its end.
  func issueShortLived(to node: CityNode, seconds: Int) throws -> Date {
    let end = Date(
      timeIntervalSince1970: (Date().timeIntervalSince1970 + Double(seconds)).rounded())
    try scratch.write("", to: "index.txt")
    let configuration = try scratch.write(
      """
      [ca]
      default_ca = here
      [here]
      database = \(scratch.path("index.txt"))
      new_certs_dir = \(scratch.path)
      rand_serial = yes
      default_md = sha256
      policy = any
      x509_extensions = leaf
      [any]
      organizationName = supplied
      commonName = supplied
      [leaf]
      basicConstraints = critical, CA:FALSE
      keyUsage = critical, digitalSignature
      extendedKeyUsage = serverAuth, clientAuth
      subjectAltName = URI:liandong://trial/township/\(node.region)
      subjectKeyIdentifier = hash
      authorityKeyIdentifier = keyid

      """, to: "openssl.cnf")
    let request = scratch.path("short.csr")
    let leaf = scratch.path("short.pem")
    try ToolRun.tool(
      "openssl", "req", "-new", "-key", node.home + "/node.key", "-subj",
      "/O=trial/CN=\(node.region)", "-out", request)
    try ToolRun.tool(
      "openssl", "ca", "-batch", "-notext", "-preserveDN", "-config", configuration,
      "-cert", authority + "/issuing.pem", "-keyfile", authority + "/issuing.key",
      "-in", request, "-out", leaf,
      "-startdate", Self.generalised(end.addingTimeInterval(Double(-seconds) - 60)),
      "-enddate", Self.generalised(end))
    let issuing = try String(contentsOfFile: authority + "/issuing.pem", encoding: .utf8)
    let chain = try String(contentsOfFile: leaf, encoding: .utf8) + issuing
    try Data(chain.utf8).write(to: URL(filePath: node.home + "/node.pem"))
    return end
  }

  /// A time as OpenSSL takes it: `yyyymmddHHMMSSZ`, UTC.
  private static func generalised(_ date: Date) -> String {
    date.formatted(.iso8601).filter(\.isNumber) + "Z"
  }
}
