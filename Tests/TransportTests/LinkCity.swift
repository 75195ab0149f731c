import Foundation
import Identity
import Regions
import Synchronization
import Testing
import Transport

/// A deployment's CA and its nodes' folders, in a temporary folder that goes with the last reference.
final class LinkCity: Sendable {
  /// The moment at which all certificates are made: 2026-11-23T08:00:00Z.
  static let now = Date(timeIntervalSince1970: 1_795_420_800)
  static let afterExpiry = now.addingTimeInterval(398 * 86_400)

  let path: String
  private let authority: CertificateAuthority
  private let serials = Mutex(SerialNumbers())

  init(_ deployment: String = "lianyungang") throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "liandong-transport-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let (deployment, folder) = (try #require(Deployment(deployment)), "\(path)/ca")
    authority = try serials.withLock {
      try CertificateAuthority.initialise(
        deployment: deployment, at: folder, now: Self.now, serialsFrom: &$0)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func name(_ region: String, _ tier: Tier = .district) throws -> NodeName {
    NodeName(
      deployment: authority.deployment, tier: tier, region: try #require(RegionID(region)))
  }

  func store(_ region: String) -> NodeKeyStore { NodeKeyStore(path: "\(path)/\(region)") }

  /// Makes a node's folder with key and certificate.
  func credentials(_ region: String, _ tier: Tier = .district) throws -> LinkCredentials {
    let (store, key) = (store(region), NodeKey.generate())
    try store.createKey(key)
    try store.install(try chain(key, region, tier), roots: authority.roots)
    return try LinkCredentials(store.load())
  }

  /// Gives a node a new key and certificate in its folder.
  func renew(_ region: String, _ tier: Tier = .district) throws -> NodeKey {
    let key = try store(region).beginRenewal(with: .generate())
    _ = try store(region).completeRenewal(try chain(key, region, tier))
    return key
  }

  private func chain(
    _ key: NodeKey, _ region: String, _ tier: Tier
  ) throws -> Identity.CertificateChain {
    let name = try name(region, tier)
    return try serials.withLock {
      try authority.issue(
        to: name, publicKey: key.publicKey, hosts: [], now: Self.now, serialFrom: &$0)
    }
  }
}

/// Numbers that count up: serial numbers need to be different, not random, in a test.
private struct SerialNumbers: RandomNumberGenerator {
  private var last: UInt64 = 0

  mutating func next() -> UInt64 {
    last += 1
    return last << 32 | last
  }
}

/// A server for one test, and what it reports.
struct LinkTest {
  let port: Int
  let server: LinkServer
  /// What the server refused, in order.
  let refusals: AsyncStream<TransportError>

  /// The next refusal that the server reports; `nil` if it ends without one.
  func refusal() async -> TransportError? {
    for await error in refusals { return error }
    return nil
  }

  /// Runs a server on a free port while `body` runs.
  static func run(
    _ credentials: LinkCredentials, mostSessions: Int = 8, stopWithin: Duration = .zero,
    admit: @escaping LinkAdmission = { $0.linkRefusal(at: LinkCity.now, revoked: []) },
    evidence: @escaping EvidenceSession.Handler = { _ in },
    handler: @escaping LinkServer.Handler, _ body: (LinkTest) async throws -> Void
  ) async throws {
    let (refusals, report) = AsyncStream.makeStream(of: TransportError.self)
    let server = try LinkServer(
      host: "127.0.0.1", port: 0, credentials: credentials, mostSessions: mostSessions,
      stopWithin: stopWithin, admit: admit, report: { error, _ in report.yield(error) },
      handler: handler, evidence: evidence)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { report.finish() }
        try await server.run()
      }
      let port = try #require(await server.port)
      defer { server.stop() }
      try await body(LinkTest(port: port, server: server, refusals: refusals))
      server.stop()
      try await group.waitForAll()
    }
  }

  /// Dials the server once.
  func dial(
    _ credentials: LinkCredentials, expecting name: NodeName, at now: Date = LinkCity.now,
    within limit: Duration = .seconds(20), _ handler: @escaping LinkClient.Handler = { _ in }
  ) async throws {
    let client = LinkClient(credentials: credentials) { $0.linkRefusal(at: now, revoked: []) }
    try await client.run(
      host: "127.0.0.1", port: port, expecting: name, within: limit, handler)
  }

  /// Dials the server once, with a stream of evidence beside the link.
  func dial(
    _ credentials: LinkCredentials, expecting name: NodeName,
    evidence: @escaping EvidenceSession.Handler, _ handler: @escaping LinkClient.Handler
  ) async throws {
    let client = LinkClient(credentials: credentials) {
      $0.linkRefusal(at: LinkCity.now, revoked: [])
    }
    try await client.run(
      host: "127.0.0.1", port: port, expecting: name, within: .seconds(20), evidence: evidence,
      handler)
  }
}

/// The `TransportError` that `body` throws; records an issue if it throws another one or none.
func transportError(
  _ location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> TransportError? {
  do {
    try await body()
    Issue.record("nothing was thrown", sourceLocation: location)
  } catch let error as TransportError {
    return error
  } catch {
    Issue.record("another error was thrown: \(error)", sourceLocation: location)
  }
  return nil
}
