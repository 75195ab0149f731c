import Identity
import Logging
import Regions
import Replication
import ServiceLifecycle
import Store
package import Transport

/// The child's side of a node: dials the parent that the newest tree names, again and again.
package struct LinkDialler: Service {
  /// How long the parent may take to accept.
  private static let dialLimit = Duration.seconds(60)

  /// The longest wait that a parent may ask for.
  private static let longestRetryMilliseconds: UInt64 = 300_000

  private let core: NodeCore
  private let evidence: EvidenceCarrier
  private let credentials: LinkCredentials
  /// `host:port` from the configuration; it goes before the tree's.
  private let configuredAddress: String?

  package init(
    core: NodeCore, evidence: EvidenceCarrier, credentials: LinkCredentials,
    configuredAddress: String?
  ) {
    self.core = core
    self.evidence = evidence
    self.credentials = credentials
    self.configuredAddress = configuredAddress
  }

  package func run() async throws {
    try await cancelWhenGracefulShutdown { try await self.dialForever() }
  }

  private func dialForever() async throws {
    var backoff = Backoff()
    while !Task.isCancelled {
      var retryMilliseconds: UInt64?
      if let parent = try parent(), !core.links.isPaused {
        do {
          let ending = try await dial(parent)
          retryMilliseconds = ending.goodbye?.retryAfterSeconds.map {
            min(UInt64($0) * 1000, Self.longestRetryMilliseconds)
          }
          if let goodbye = ending.goodbye {
            core.links.update(parent.region) { $0.lastError = goodbye.message }
          }
        } catch is CancellationError where Task.isCancelled {
          return
        } catch {
          // A broken session may end as a cancellation of its own; only ours ends the dialling.
          note(error, parent)
        }
        // Also after a session that broke: the line is there.
        if core.links.takeStreamed(with: parent.region) { backoff.reset() }
      }
      let random = core.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let wait = retryMilliseconds ?? backoff.next(random: random)
      if let parent = try parent() {
        let isPaused = core.links.isPaused
        core.links.update(parent.region) { status in
          status.retryAt = isPaused ? nil : core.wallMilliseconds() + wait
        }
      }
      await core.links.wakeUp.wait(atMost: .milliseconds(Int64(wait)))
    }
  }

  private func note(_ error: any Error, _ parent: Parent) {
    let refused = (error as? TransportError)?.code == .certificateRefused
    core.links.update(parent.region) { status in
      status.state = refused ? .refused : .backoff
      status.lastError = "\(error)"
    }
    core.logger.info(
      "no link to the parent",
      metadata: [
        "parent": "\(parent.region)", "address": "\(parent.host):\(parent.port)",
        "error": "\(error)",
      ])
  }

  private struct Parent {
    let region: RegionID
    let tier: Tier
    let host: String
    let port: Int
  }

  /// The parent by the newest tree; `nil` at the hub, and while neither tree nor configuration tells.
  private func parent() throws -> Parent? {
    guard let tree = try core.store.read({ try $0.signedTrees() }).newest,
      let region = tree.parent(of: core.region), let tier = tree.tier(of: region),
      let address = configuredAddress ?? tree.address(of: region),
      let colon = address.lastIndex(of: ":"),
      let port = Int(address[address.index(after: colon)...])
    else { return nil }
    let host = address[..<colon].trimmingBrackets
    return Parent(region: region, tier: tier, host: host, port: port)
  }

  private func dial(_ parent: Parent) async throws -> LinkRunner.Ending {
    let client = LinkClient(credentials: credentials) { [core] peer in
      peer.linkRefusal(at: core.wallDate(), revoked: [])
    }
    let box = EndingBox()
    try await client.run(
      host: parent.host, port: parent.port,
      expecting: NodeName(
        deployment: core.name.deployment, tier: parent.tier, region: parent.region),
      within: Self.dialLimit,
      evidence: { [evidence] session in
        try await EvidenceRunner(carrier: evidence, peer: parent.region).run(session)
      }
    ) { session in
      let runner = LinkRunner(core: core, side: .child, peer: parent.region)
      box.set(try await runner.run(session))
    }
    return box.get() ?? LinkRunner.Ending()
  }
}

extension Substring {
  fileprivate var trimmingBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : String(self)
  }
}
