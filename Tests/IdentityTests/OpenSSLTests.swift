import Foundation
import Identity
import Testing

/// What this module makes, in the eyes of OpenSSL.
@Suite(.enabled(if: OpenSSL.isAvailable), .timeLimit(.minutes(5))) struct OpenSSLTests {
  private func files(_ city: TestCity, _ chain: CertificateChain) throws -> [String] {
    let leaf = try city.folder.write(
      CertificateChain(der: [chain.der[0]]).pem, to: "leaf.pem")
    return [city.folder.path("ca/root.pem"), city.folder.path("ca/issuing.pem"), leaf]
  }

  private func verify(_ files: [String], purpose: String) throws -> OpenSSL.Result {
    try OpenSSL.run(
      "verify", "-x509_strict", "-check_ss_sig", "-purpose", purpose, "-attime",
      String(Int(TestCity.now.timeIntervalSince1970)), "-CAfile", files[0], "-untrusted", files[1],
      files[2])
  }

  @Test func nodeChainPassesStrictVerificationForBothEndsOfALink() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate(), hosts: ["node.example.cn", "10.0.0.7"])
    let files = try files(city, chain)
    for purpose in ["sslserver", "sslclient"] {
      let result = try verify(files, purpose: purpose)
      #expect(result.status == 0, "\(result.output)")
    }
  }

  @Test func webChainPassesForServersAloneAndNamesItsHost() throws {
    var city = try TestCity()
    let chain = try city.authority.issueWebCertificate(
      publicKey: NodeKey.generate().publicKey,
      hosts: [try #require(HostName("pages.example.cn"))], now: TestCity.now,
      serialFrom: &city.generator)
    let files = try files(city, chain)
    #expect(try verify(files, purpose: "sslserver").status == 0)
    #expect(try verify(files, purpose: "sslclient").status != 0)
    let text = try OpenSSL.run("x509", "-in", files[2], "-noout", "-text").output
    #expect(text.contains("DNS:pages.example.cn"))
    #expect(!text.contains("URI:"))
  }

  @Test func nodeCertificateShowsNamesPurposesAndConstraints() throws {
    var city = try TestCity()
    let key = NodeKey.generate()
    let chain = try city.issue(key, hosts: ["node.example.cn", "10.0.0.7", "2001:db8::1"])
    let files = try files(city, chain)
    let text = try OpenSSL.run("x509", "-in", files[2], "-noout", "-text").output
    for expected in [
      "URI:liandong://lianyungang/district/haizhou-qu, DNS:node.example.cn, "
        + "IP Address:10.0.0.7, IP Address:2001:DB8:0:0:0:0:0:1",
      "TLS Web Server Authentication, TLS Web Client Authentication", "CA:FALSE",
      "X509v3 Basic Constraints: critical", "X509v3 Key Usage: critical", "Digital Signature",
      "Signature Algorithm: ecdsa-with-SHA256", "NIST CURVE: P-256",
      "Not Before: Nov 23 07:55:00 2026 GMT", "Not After : Dec 25 07:55:00 2027 GMT",
    ] {
      #expect(text.contains(expected), "\(expected) is not in \(text)")
    }
    // The subject key identifier is the key id.
    let colons = key.keyID.bytes.map { String(format: "%02X", $0) }.joined(separator: ":")
    #expect(text.contains(colons))
    let root = try OpenSSL.run("x509", "-in", files[0], "-noout", "-text").output
    #expect(root.contains("CA:TRUE, pathlen:1") && root.contains("Certificate Sign, CRL Sign"))
    let issuing = try OpenSSL.run("x509", "-in", files[1], "-noout", "-text").output
    #expect(issuing.contains("CA:TRUE, pathlen:0"))
  }

  @Test func descriptionAgreesWithOpenSSL() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate())
    let leaf = try files(city, chain)[2]
    let description = try CertificateDescription(der: chain.der[0])
    let output = try OpenSSL.run(
      "x509", "-in", leaf, "-noout", "-serial", "-fingerprint", "-sha256"
    ).output.lowercased()
    #expect(output.contains("serial=\(description.serial)"))
    #expect(output.replacing(":", with: "").contains(description.fingerprint))
  }

  @Test func requestAndKeyMadeHereAreReadByOpenSSL() throws {
    let city = try TestCity()
    let key = NodeKey.generate()
    let host = try #require(HostName("node.example.cn"))
    let request = try city.folder.write(
      key.certificateSigningRequest(name: city.name(), hosts: [host]), to: "node.csr")
    let result = try OpenSSL.run("req", "-in", request, "-noout", "-verify", "-text")
    #expect(result.status == 0)
    #expect(result.output.contains("URI:liandong://lianyungang/district/haizhou-qu"))
    #expect(result.output.contains("DNS:node.example.cn"))
    let keyFile = try city.folder.write(key.pem, to: "node.key")
    #expect(try OpenSSL.run("pkey", "-in", keyFile, "-check", "-noout").status == 0)
  }

  @Test func requestAndKeyMadeByOpenSSLAreAccepted() throws {
    var city = try TestCity()
    let (request, key) = try opensslRequest(
      city, "ec", "ec_paramgen_curve:P-256",
      "URI:liandong://lianyungang/district/haizhou-qu,DNS:node.example.cn")
    let parsed = try NodeSigningRequest(pem: request)
    let name = try city.name()
    #expect(parsed.name == name)
    #expect(parsed.hosts.map(\.description) == ["node.example.cn"])
    let chain = try city.authority.issue(
      to: name, answering: parsed, hosts: parsed.hosts, now: TestCity.now,
      serialFrom: &city.generator)
    #expect(try verify(files(city, chain), purpose: "sslclient").status == 0)
    let certified = city.authority.roots.judge(chain: chain.der).certified
    #expect(certified?.keyID == (try NodeKey(pem: key).keyID))
  }

  @Test(arguments: [("rsa", "rsa_keygen_bits:2048"), ("ec", "ec_paramgen_curve:P-384")])
  func requestForAnotherKindOfKeyIsRefused(algorithm: String, option: String) throws {
    let (request, _) = try opensslRequest(
      TestCity(), algorithm, option, "URI:liandong://lianyungang/district/haizhou-qu")
    #expect(code { _ = try NodeSigningRequest(pem: request) } == .requestRefused)
  }

  @Test func nodeCertificateWithAnRSAKeyIsRefused() throws {
    let city = try TestCity()
    let uri = "URI:liandong://lianyungang/district/haizhou-qu"
    let request = try opensslRequest(city, "rsa", "rsa_keygen_bits:2048", uri).request
    let csr = try city.folder.write(request, to: "rsa.csr")
    let extensions = try city.folder.write(
      """
      basicConstraints=critical,CA:FALSE
      keyUsage=critical,digitalSignature
      extendedKeyUsage=serverAuth,clientAuth
      subjectAltName=\(uri)
      """, to: "extensions")
    let leaf = city.folder.path("rsa.pem")
    let signed = try OpenSSL.run(
      "x509", "-req", "-in", csr, "-CA", city.folder.path("ca/issuing.pem"), "-CAkey",
      city.folder.path("ca/issuing.key"), "-set_serial", "77", "-days", "30", "-sha256",
      "-extfile", extensions, "-out", leaf)
    #expect(signed.status == 0, "\(signed.output)")
    let chain =
      try CertificateChain(pem: String(contentsOfFile: leaf, encoding: .utf8)).der
      + [city.signer("issuing").0.der]
    #expect(city.authority.roots.judge(chain: chain).refusal?.reason == .wrongKeyType)
  }

  private func opensslRequest(
    _ city: TestCity, _ algorithm: String, _ option: String, _ names: String
  ) throws -> (request: String, key: String) {
    let request = city.folder.path("made.csr")
    let key = city.folder.path("made.key")
    let result = try OpenSSL.run(
      "req", "-new", "-newkey", algorithm, "-pkeyopt", option, "-nodes", "-keyout", key, "-out",
      request, "-subj", "/CN=node", "-addext", "subjectAltName=\(names)")
    try #require(result.status == 0, "\(result.output)")
    return (
      try String(contentsOfFile: request, encoding: .utf8),
      try String(contentsOfFile: key, encoding: .utf8)
    )
  }
}
